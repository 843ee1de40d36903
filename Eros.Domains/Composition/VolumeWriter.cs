// VolumeWriter: from the objects of an image to a volume, through the kernel's own store: the first image is a
// checkpoint like any other, generation 1, and its process list is who runs at first boot.
//
// The same composition of the same programs gives the same bytes: the volume's name is made of the programs' digest,
// and the file appears under its own name only when it is complete.

using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Eros.Build.Volume;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;

namespace Eros.Domains.Composition;

/// <summary>Writes volumes.</summary>
internal static class VolumeWriter
{
    // What the store takes for itself, with the directories of the largest log.
    private const int SpareFrames = 1024 + StoreLimits.RingBlocks;
    private const ulong InterruptFlag = 0x202;

    // Log blocks of a generation that has room for a key of a password, 1,800 frames, below the part of it at which a
    // checkpoint is asked for: whoever changes more than that again and again is saved without end.
    private const ulong RoomyGeneration = 3072;

    // Of a generation: its lists and its header, and tag blocks of frames that are not many.
    private const ulong SpareLogBlocks = 32;

    // Offset of MXCSR in an XSAVE image, and its value at reset (Intel SDM volume 1, 13.4.1 and 10.2.3).
    private const int MxcsrOffset = 24;
    private const uint InitialMxcsr = 0x1F80;

    /// <summary>Makes the file; CompositionException when the system does not fit.</summary>
    public static void Write(SystemBuilder system, string file, ulong blocks)
    {
        system.Complete();
        byte[] digest = Digest(system);
        VolumeGeometry geometry = GeometryFor(system.Objects.Frames, blocks);
        if (system.Objects.Frames > geometry.HomeFrames || system.Objects.Frames > geometry.GenerationBlocks)
        {
            throw new CompositionException($"{system.Objects.Frames} frames do not fit a volume of {blocks} blocks");
        }

        string draft = file + ".new";
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        HostStore.Format(draft, geometry, MemoryMarshal.Read<ulong>(digest), ProtocolVersion.Current, digest);
        int memory = ((int)system.Objects.Frames * 100 / (int)StoreLimits.DirtyPercent) + SpareFrames;
        using (HostStore store = new(draft, isWritable: true, memory, ProtocolVersion.Current))
        {
            RecoveryResult mounted = store.Mount();
            if (!mounted.IsMounted)
            {
                throw new CompositionException($"the new volume cannot be mounted: {mounted.Refusal}");
            }

            Fill(store, system.Objects, geometry.HomeFrames);
            store.Store.MostKept = 0;
            store.Save();
        }

        File.Move(draft, file, overwrite: true);
    }

    /// <summary>The usual parts; but on a small volume more is log: so that a generation has room for what programs
    /// change at once, or at least the first one fits.</summary>
    private static VolumeGeometry GeometryFor(ulong frames, ulong blocks)
    {
        VolumeGeometry usual = VolumeBuilder.GeometryFor(blocks);
        ulong least = frames + (frames / DirectoryBlock.EntryCount * 2) + SpareLogBlocks;
        foreach (ulong generation in new[] { Math.Max(least, RoomyGeneration), least })
        {
            ulong log = 3 * generation;
            if (log > usual.LogBlocks && log < blocks / 2)
            {
                return new VolumeGeometry(blocks, log);
            }
        }

        return usual;
    }

    private static byte[] Digest(SystemBuilder system)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ElfProgram program in system.Programs)
        {
            hash.AppendData(program.Bytes);
        }

        return hash.GetHashAndReset();
    }

    // Two rounds: what a capability is depends on its object's version, which is known when the object has been made.
    private static void Fill(HostStore store, ImageObjects objects, ulong homeFrames)
    {
        foreach (ImageObject thing in objects.All)
        {
            int entry = store.Create(thing.Frame, KindOf(thing), thing.Index);
            thing.Version = store.Frames.VersionOf(entry, thing.Index);
        }

        foreach (ImageObject thing in objects.All)
        {
            int entry = store.Frames.Find(thing.Frame);
            switch (thing)
            {
                case ImagePage page:
                    page.Contents.CopyTo(store.Frames.Bytes(entry));
                    break;
                case ImageNode node:
                    FillNode(ref store.Frames.Pot(entry).Nodes[node.Index], node, homeFrames);
                    break;
                case ImageProcess process:
                    FillProcess(ref store.Frames.Process(entry), process, homeFrames);
                    store.Log.Processes.Add(Persistence.Layout.Oid.Of(process.Frame).Value);
                    break;
            }
        }
    }

    private static FrameKind KindOf(ImageObject thing) => thing switch
    {
        ImagePage => FrameKind.Page,
        ImageNode => FrameKind.Pot,
        _ => FrameKind.Process,
    };

    private static void FillNode(ref Node target, ImageNode node, ulong homeFrames)
    {
        target.Kind = node.Kind;
        target.SlotLog2 = (byte)node.SlotLog2;
        target.Word = node.Word;
        FillSlots(ref target.Slots, node.Slots, homeFrames);
    }

    private static void FillProcess(ref ProcessFrame target, ImageProcess process, ulong homeFrames)
    {
        ProcessLabels.Write(process.Label, ref target.Label);
        target.RunState = RunState.Running;
        target.Rip = process.Entry;
        target.Rsp = process.StackPointer;
        target.Rdi = process.Argument;
        target.FsBase = process.FsBase;
        target.Rflags = InterruptFlag;
        target.Schedule = ToBits(process.Schedule, homeFrames);
        target.Keeper = ToBits(process.Keeper, homeFrames);
        target.Space = ToBits(process.Space, homeFrames);
        target.Brand = ToBits(process.Brand, homeFrames);
        FillSlots(ref target.Registers, process.Registers, homeFrames);
        Span<byte> frame = MemoryMarshal.AsBytes(new Span<ProcessFrame>(ref target));
        MemoryMarshal.Write(frame[(ProcessFrame.VectorStateOffset + MxcsrOffset)..], InitialMxcsr);
    }

    private static void FillSlots(ref CapabilitySlots target, IReadOnlyList<ImageCapability?> slots, ulong homeFrames)
    {
        for (int slot = 0; slot < slots.Count; slot++)
        {
            target[slot] = ToBits(slots[slot], homeFrames);
        }
    }

    private static Capability ToBits(ImageCapability? capability, ulong homeFrames) =>
        capability?.ToBits(homeFrames) ?? Capability.Void;
}
