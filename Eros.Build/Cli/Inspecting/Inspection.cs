using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Eros.Build.Volume;

namespace Eros.Build.Cli.Inspecting;

/// <summary>`./eros inspect`: from a path to a report on the screen.</summary>
internal sealed class Inspection(Screen screen)
{
    private const long BlockBytes = 4096;

    private readonly Screen _screen = screen;

    /// <summary>0 when nothing is wrong with the volume, else 1.</summary>
    /// <exception cref="UserError">There is no volume to look at.</exception>
    internal int Run(string disk, bool asJson, bool verify)
    {
        VolumeReport report = Inspect(disk, verify);
        if (!report.Geometry.IsPossible)
        {
            throw new UserError($"{disk}: {report.Refusal}");
        }

        if (asJson)
        {
            VolumeJson tree = VolumeJson.Of(disk, verify, report);
            _screen.Output.WriteLine(JsonSerializer.Serialize(tree, InspectJson.Default.VolumeJson));
        }
        else
        {
            new VolumeView(_screen, report, verify).Show();
        }

        return report.Errors.Count == 0 && report.Refusal == null ? 0 : 1;
    }

    /// <summary>Shows what changed from one generation to another. 0.</summary>
    /// <exception cref="UserError">There is no volume, or it has not both of them.</exception>
    internal int Compare(string disk, ulong older, ulong newer)
    {
        try
        {
            IReadOnlyList<ObjectChange> changes = Open(disk, () => GenerationDiff.Compare(disk, older, newer));
            foreach (ObjectChange change in changes)
            {
                _screen.Output.WriteLine($"{change.Oid:x12} {change.What}: {change.Change}");
            }

            _screen.Output.WriteLine($"{changes.Count} objects changed from generation {older} to {newer}");
            return 0;
        }
        catch (GenerationException e)
        {
            throw new UserError($"{disk}: {e.Message}.");
        }
    }

    private VolumeReport Inspect(string disk, bool verify) => Open(disk, () => verify
        ? _screen.Step($"checking every block of {disk}", _ => VolumeInspector.Inspect(disk, verify))
        : VolumeInspector.Inspect(disk, verify));

    private static T Open<T>(string disk, Func<T> look)
    {
        try
        {
            if (!File.Exists(disk))
            {
                throw new UserError($"{disk} {(Directory.Exists(disk) ? "is a directory" : "does not exist")}. "
                    + "inspect takes a disk image.");
            }

            if (new FileInfo(disk).Length is < BlockBytes and var bytes)
            {
                throw new UserError($"{disk} has {bytes} bytes, less than one block of a volume.");
            }

            return look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{disk} cannot be read: {e.Message}");
        }
    }
}
