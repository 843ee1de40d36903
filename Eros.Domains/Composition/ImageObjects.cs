// The objects of a first image, before they have a volume. Capabilities name objects here, and become bits when
// versions are known.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>An object with its place on the volume.</summary>
public abstract class ImageObject
{
    /// <summary>Its home frame.</summary>
    public required ulong Frame { get; init; }

    /// <summary>A node's place in its pot; 0 otherwise.</summary>
    public int Index { get; init; }

    /// <summary>The bank that it counts as bought from.</summary>
    public uint Bank { get; init; }

    /// <summary>Its version, known once the store has created it.</summary>
    public uint Version { get; set; }
}

/// <summary>A page and its contents.</summary>
public sealed class ImagePage : ImageObject
{
    public const int SizeInBytes = 4096;

    public byte[] Contents { get; } = new byte[SizeInBytes];
}

/// <summary>A node and what is in its slots; null is void.</summary>
public sealed class ImageNode : ImageObject
{
    public NodeKind Kind { get; init; }

    /// <summary>Space nodes: log2 of the bytes that a slot spans.</summary>
    public int SlotLog2 { get; init; }

    /// <summary>Forwarders: the payload that takes the place of the target's.</summary>
    public uint Word { get; set; }

    public ImageCapability?[] Slots { get; } = new ImageCapability?[Node.SlotCount];

    /// <summary>A capability that addresses pass through, from the start of its slot.</summary>
    public ImageCapability AsSpace(Rights rights) => new(
        CapabilityType.Space, this, Guard.At0(SlotLog2 + Guard.NodeLog2).Value, rights);

    /// <summary>Total authority over the node, standing in a space where addresses pass through it.</summary>
    public ImageCapability AsLevel() => AsNode() with { Data = Guard.At0(SlotLog2 + Guard.NodeLog2).Value };

    /// <summary>Total authority over the node.</summary>
    public ImageCapability AsNode() => new(CapabilityType.Node, this);

    /// <summary>Forwarders: the right to invoke what it leads to.</summary>
    public ImageCapability AsForwarder() => new(CapabilityType.Forwarder, this, Rights: Rights.Opaque);
}

/// <summary>A process that runs when the image is first started.</summary>
public sealed class ImageProcess : ImageObject
{
    /// <summary>For who looks at the volume.</summary>
    public string Label { get; set; } = string.Empty;

    public ulong Entry { get; set; }

    public ulong StackPointer { get; set; }

    /// <summary>What the program finds in rdi.</summary>
    public ulong Argument { get; set; }

    public ulong FsBase { get; set; }

    public ImageCapability? Schedule { get; set; }

    public ImageCapability? Keeper { get; set; }

    public ImageCapability? Space { get; set; }

    public ImageCapability? Brand { get; set; }

    public ImageCapability?[] Registers { get; } = new ImageCapability?[Node.SlotCount];
}

/// <summary>A capability of the image.</summary>
/// <param name="Target">The object; null for types that name none.</param>
/// <param name="Data">Payload, guard, priority or mask, by type.</param>
public sealed record ImageCapability(
    CapabilityType Type, ImageObject? Target = null, uint Data = 0, Rights Rights = Rights.None)
{
    /// <summary>Authority over all home frames of the volume.</summary>
    public static ImageCapability AllFrames { get; } = new(CapabilityType.Range);

    /// <summary>A page at the start of its slot.</summary>
    public static ImageCapability Of(ImagePage page, Rights rights = Rights.None) =>
        new(CapabilityType.Page, page, Guard.At0(Guard.PageLog2).Value, rights);

    /// <summary>The bits. Every object has its version by now.</summary>
    public Capability ToBits(ulong homeFrames) => Type == CapabilityType.Range
        ? Capability.Range(0, homeFrames)
        : new Capability(
            Type, Target is null ? default : Oid.Of(Target.Frame, Target.Index), Target?.Version ?? 0, Data, Rights);
}

/// <summary>Makes objects for one bank out of the home frames of the image, seven nodes to a pot.</summary>
public sealed class ImageObjects
{
    private readonly List<ImageObject> _all;
    private readonly uint _bank;
    private ulong _pot;
    private int _nodes = NodePot.NodeCount;

    /// <param name="bank">Whose the objects are.</param>
    public ImageObjects(uint bank)
        : this([], bank)
    {
    }

    private ImageObjects(List<ImageObject> all, uint bank)
    {
        _all = all;
        _bank = bank;
    }

    /// <summary>Frames that hold something, of all banks: they are handed out from the first on.</summary>
    public ulong Frames => _all.Count == 0 ? 0 : _all.Max(thing => thing.Frame) + 1;

    /// <summary>Every object of all banks, in the order of its making.</summary>
    public IReadOnlyList<ImageObject> All => _all;

    /// <summary>Makes objects of another bank, out of the same frames.</summary>
    public ImageObjects OwnedBy(uint bank) => new(_all, bank);

    public ImagePage NewPage() => Add(new ImagePage { Frame = Frames, Bank = _bank });

    public ImageProcess NewProcess() => Add(new ImageProcess { Frame = Frames, Bank = _bank });

    public ImageNode NewNode() => NewNode(NodeKind.Plain, 0);

    /// <summary>A level of a space.</summary>
    public ImageNode NewSpaceNode(int slotLog2) => NewNode(NodeKind.Space, slotLog2);

    /// <summary>A forwarder that leads nowhere yet.</summary>
    public ImageNode NewForwarder() => NewNode(NodeKind.Forwarder, 0);

    private ImageNode NewNode(NodeKind kind, int slotLog2)
    {
        if (_nodes == NodePot.NodeCount)
        {
            _nodes = 0;
            _pot = Frames;
        }

        return Add(new ImageNode { Frame = _pot, Index = _nodes++, Bank = _bank, Kind = kind, SlotLog2 = slotLog2 });
    }

    private T Add<T>(T thing)
        where T : ImageObject
    {
        _all.Add(thing);
        return thing;
    }
}

/// <summary>A composition that cannot be made into an image; the text says what to do.</summary>
public sealed class CompositionException(string message) : Exception(message);
