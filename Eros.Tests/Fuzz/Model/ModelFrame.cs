using System;
using System.Runtime.InteropServices;
using Eros.Kernel.Processes;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>A home frame as the model has it: its bytes in the published layout, and if it holds a process what that
/// does.</summary>
internal sealed class ModelFrame(ulong number)
{
    private const int NodesOffset = NodePot.SizeInBytes - (NodePot.NodeCount * Node.SizeInBytes);

    private readonly byte[] _bytes = new byte[PhysicalMemory.FrameBytes];

    public ulong Number { get; } = number;

    public FrameKind Kind { get; set; }

    /// <summary>Of all but pots, whose nodes have their own.</summary>
    public uint Version { get; set; }

    public Span<byte> Bytes => _bytes;

    public ref ProcessFrame Process => ref MemoryMarshal.AsRef<ProcessFrame>(_bytes.AsSpan());

    public Span<Node> Nodes => MemoryMarshal.Cast<byte, Node>(_bytes.AsSpan(NodesOffset));

    // ---- of a process that has somewhere to go (A1)

    /// <summary>Free: it has not.</summary>
    public ActivityState State { get; set; }

    public StallReason Reason { get; set; }

    /// <summary>Stalled: what for. Sleeping: until when.</summary>
    public ulong Key { get; set; }

    public int Ring { get; set; }

    /// <summary>The frame of which the process was told that it cannot be read.</summary>
    public ulong? Unreadable { get; set; }

    /// <summary>It was resumed by a restart, and has not run since.</summary>
    public bool IsRestarted { get; set; }

    /// <summary>It has left memory, and must be loaded before it is used again.</summary>
    public bool IsOut { get; set; }

    /// <summary>It is to stay in memory.</summary>
    public bool IsPinned { get; set; }

    /// <summary>Changed since the last comparison.</summary>
    public bool IsTouched { get; set; }

    /// <summary>The same frame with bytes of its own.</summary>
    public ModelFrame Copy()
    {
        var copy = new ModelFrame(Number)
        {
            Kind = Kind,
            Version = Version,
            State = State,
            Reason = Reason,
            Key = Key,
            Ring = Ring,
            Unreadable = Unreadable,
            IsRestarted = IsRestarted,
            IsPinned = IsPinned,
        };
        Bytes.CopyTo(copy.Bytes);
        return copy;
    }

    public uint VersionOf(int index) => Kind == FrameKind.Pot ? Nodes[index].Version : Version;

    /// <summary>True where the frame has an object of that index.</summary>
    public bool Has(ulong index) => Kind switch
    {
        FrameKind.Page or FrameKind.Process => index == 0,
        FrameKind.Pot => index < NodePot.NodeCount,
        _ => false,
    };

    /// <summary>Nothing but a version: what a frame of the kind is like when it begins.</summary>
    public void Clear(ulong callCount)
    {
        Bytes.Clear();
        if (Kind == FrameKind.Pot)
        {
            MemoryMarshal.AsRef<NodePot>(Bytes).Magic = NodePot.MagicValue;
            MemoryMarshal.AsRef<NodePot>(Bytes).Frame = Number;
            foreach (ref Node node in Nodes)
            {
                node.Version = Version;
            }
        }
        else if (Kind == FrameKind.Process)
        {
            Process.Magic = ProcessFrame.MagicValue;
            Process.Frame = Number;
            Process.Version = Version;
            Process.CallCount = callCount;
        }
    }
}
