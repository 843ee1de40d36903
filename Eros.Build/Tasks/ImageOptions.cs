using System;
using System.Collections.Generic;
using System.IO;

namespace Eros.Build.Tasks;

/// <summary>What Freestanding.targets asks of one image: lines of a key, a blank and a value.</summary>
internal sealed class ImageOptions
{
    internal string Output { get; private set; } = string.Empty;

    /// <summary>Directory of intermediate files.</summary>
    internal string Work { get; private set; } = string.Empty;

    /// <summary>Directory of the source tree.</summary>
    internal string Root { get; private set; } = string.Empty;

    internal string LinkScript { get; private set; } = string.Empty;

    /// <summary>File whose one number is the most loadable bytes allowed; none: no limit.</summary>
    internal string? Budget { get; private set; }

    /// <summary>ILC's switch: -O, --Os or --Ot.</summary>
    internal string Optimize { get; private set; } = "-O";

    /// <summary>ILC's list of method bodies to leave out.</summary>
    internal string? Substitutions { get; private set; }

    /// <summary>The image is the kernel, which has no collector: KernelLowering.</summary>
    internal bool IsLowered { get; private set; }

    /// <summary>The image unwinds: it may catch, and gets tables for that (Eros.Build/Tasks/Unwinding).</summary>
    internal bool Catches { get; private set; }

    /// <summary>Symbols that must not be in the image.</summary>
    internal List<string> Forbidden { get; } = [];

    /// <summary>IL assemblies, the program first.</summary>
    internal List<string> Assemblies { get; } = [];

    internal List<string> Objects { get; } = [];

    internal List<string> Archives { get; } = [];

    internal static ImageOptions Read(string file)
    {
        ImageOptions options = new();
        foreach (string line in File.ReadLines(file))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            options.Set(line[..blank], line[(blank + 1)..]);
        }

        return options;
    }

    private void Set(string key, string value)
    {
        switch (key)
        {
            case "out":
                Output = value;
                break;
            case "work":
                Work = value;
                break;
            case "root":
                Root = value;
                break;
            case "script":
                LinkScript = value;
                break;
            case "budget":
                Budget = value;
                break;
            case "optimize":
                Optimize = value;
                break;
            case "substitutions":
                Substitutions = value;
                break;
            case "lower":
                IsLowered = bool.Parse(value);
                break;
            case "catch":
                Catches = bool.Parse(value);
                break;
            case "forbid":
                Forbidden.Add(value);
                break;
            case "assembly":
                Assemblies.Add(value);
                break;
            case "object":
                Objects.Add(value);
                break;
            case "archive":
                Archives.Add(value);
                break;
            default:
                throw new BuildFailure(new Problem("EROS0001", "unknown image option: " + key));
        }
    }
}
