// The objects of a first image, before they have a volume. Capabilities name objects here, and become bits when
// versions are known.

using System;
using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>An object with its place on the volume.</summary>
public abstract class ImageObject
{
    /// <summary>Its home frame.</summary>
    public required ulong Frame { get; init; }

    /// <summary>A node's place in its pot; 0 otherwise.</summary>
    public int Index { get; init; }

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

    public ImageCapability?[] Slots { get; } = new ImageCapability?[Node.SlotCount];

    /// <summary>A capability that addresses pass through, from the start of its slot.</summary>
    public ImageCapability AsSpace(Rights rights) => new(
        CapabilityType.Space, this, Guard.At0(SlotLog2 + Guard.NodeLog2).Value, rights);

    /// <summary>Total authority over the node.</summary>
    public ImageCapability AsNode() => new(CapabilityType.Node, this);
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

    public ImageCapability? Schedule { get; set; }

    public ImageCapability? Keeper { get; set; }

    public ImageCapability? Space { get; set; }

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

/// <summary>Hands out home frames from the first on, seven nodes to a pot.</summary>
public sealed class ImageObjects
{
    private readonly List<ImageObject> _all = [];
    private ulong _frames;
    private ulong _pot;
    private int _nodes = NodePot.NodeCount;

    /// <summary>Frames that hold something.</summary>
    public ulong Frames => _frames;

    /// <summary>Every object, in the order of its making.</summary>
    public IReadOnlyList<ImageObject> All => _all;

    public ImagePage NewPage() => Add(new ImagePage { Frame = _frames++ });

    public ImageProcess NewProcess() => Add(new ImageProcess { Frame = _frames++ });

    public ImageNode NewNode() => NewNode(NodeKind.Plain, 0);

    /// <summary>A level of a space.</summary>
    public ImageNode NewSpaceNode(int slotLog2) => NewNode(NodeKind.Space, slotLog2);

    private ImageNode NewNode(NodeKind kind, int slotLog2)
    {
        if (_nodes == NodePot.NodeCount)
        {
            _nodes = 0;
            _pot = _frames++;
        }

        return Add(new ImageNode { Frame = _pot, Index = _nodes++, Kind = kind, SlotLog2 = slotLog2 });
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
