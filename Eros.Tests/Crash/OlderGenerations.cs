// OlderGenerations: of a volume that a machine has just mounted, an older generation is booted as `./eros run
// --generation` boots it: on a layer over the volume, which is not written. It is compared with the model, goes on for
// a checkpoint, and is compared again.

using System;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;

namespace Eros.Tests.Crash;

/// <summary>Boots older generations of one image, with a machine that it keeps.</summary>
public sealed class OlderGenerations(LayeredImage image) : IDisposable
{
    private const int Changes = 6;

    private readonly LayeredImage _image = image;
    private readonly LayeredImage _layer = new(image.BlockCount, image);
    private readonly SimulatedMachine _machine = new(SeededRun.MachineFrames, image);

    /// <summary>Generations that were booted while a newer one was on the disk.</summary>
    public int Booted { get; private set; }

    public void Dispose() => _machine.Dispose();

    /// <summary>Boots one of those that can be, by chance; null, or what is wrong.</summary>
    public string? Check(StoreModel model, ObjectChanger changer, SeededRandom random)
    {
        VolumeHeader header = MemoryMarshal.Read<VolumeHeader>(_image.Read(0));
        using var view = new GenerationView(header, block => _image.Read((int)block).ToArray());
        ulong[] bootable = [.. view.Bootable.Where(generation => generation != model.Acknowledged)];
        if (bootable.Length == 0)
        {
            return null;
        }

        ulong generation = bootable[random.Below(bootable.Length)];
        string? error = Boot(view, generation, model, changer) ?? GoOn(changer, random);
        Booted++;
        return error == null ? null : $"generation {generation} of {string.Join(", ", bootable)}: {error}";
    }

    private string? Boot(GenerationView view, ulong generation, StoreModel model, ObjectChanger changer)
    {
        _layer.Clear();
        foreach ((ulong block, byte[] bytes) in view.BlocksFor(generation))
        {
            _layer.Write((int)block, bytes);
        }

        StoreModel older = model.ViewedAt(generation);
        RecoveryResult result = _machine.Boot(_layer);
        string? error = StateChecker.Check(_machine, result, older, generation, changer);
        if (error == null)
        {
            _machine.Model = older.RestartedAt(generation);
        }

        return error;
    }

    private string? GoOn(ObjectChanger changer, SeededRandom random)
    {
        if (_machine.Store.Migrate() != Outcome.Ok)
        {
            return "migration failed";
        }

        for (int i = 0; i < Changes; i++)
        {
            changer.Change(_machine, random);
        }

        if (_machine.Store.Checkpoint() != Outcome.Ok)
        {
            return "the checkpoint after it failed";
        }

        StoreModel model = _machine.Model;
        RecoveryResult result = _machine.Boot(_layer);
        return StateChecker.Check(_machine, result, model, model.Acknowledged, changer);
    }
}
