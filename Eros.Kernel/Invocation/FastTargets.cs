// FastTargets: the processes that the fast path may switch to, and the forwarders that lead to them, with all that it
// needs of them. The fast path itself is X# (Eros.Hal/X64/FastPath.xsi): it looks into one line, and either finds what
// was learnt here or leaves the invocation to the general path.
//
// A direct-mapped cache, by OID: a line has room for one process and one forwarder, which need not be of one OID. A
// name is the low half of a capability without rights, which neither type looks at. A line is learnt when the general
// path resumes a process, or has followed a forwarder. Whoever changes what it was learnt from forgets it: a snapshot
// forgets all, since no frame is writable after it.
//
// Invariants
//  F1 a line's Start is the name of the start capability of a process that is in memory, writable, has a schedule
//     without a reserve, and no base of FS or GS; Frame, Version, Process, Priority, Root and Cr3 are that process's.
//  F2 a line's Forwarder is the name of a forwarder whose gate is open and which leads to the start capability that
//     Target and TargetVersion name, with Payload; ForwarderVersion is its node's.
//  F3 an unused Start or Forwarder is a word that is looked for in another line, so that nothing matches it.
//
// A doorway file. Safety: addresses are taken of parts of objects that live as long as the kernel and do not move; on
// the host, whoever runs the X# pins them and publishes them again.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Kernel.Machine;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Invocation;

/// <summary>One line.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct FastTarget
{
    public const int SizeInBytes = 128;

    [FieldOffset(0)] public ulong Start;

    /// <summary>The address of the process's frame.</summary>
    [FieldOffset(8)] public ulong Frame;
    [FieldOffset(16)] public ulong Cr3;
    [FieldOffset(24)] public uint Version;
    [FieldOffset(28)] public int Root;
    [FieldOffset(32)] public int Process;
    [FieldOffset(36)] public int Priority;

    [FieldOffset(40)] public ulong Forwarder;
    [FieldOffset(48)] public ulong Target;
    [FieldOffset(56)] public uint TargetVersion;
    [FieldOffset(60)] public uint Payload;
    [FieldOffset(64)] public uint ForwarderVersion;
}

/// <summary>All lines.</summary>
public sealed unsafe class FastTargets
{
    public const int Lines = 256;

    /// <summary>A control word of the plain case has these bits clear: the reserved ones, and all of the kind but Call
    /// or Return.</summary>
    private const ulong NotPlain = 0xFF00_0000_0000_E0FE;

    private const ulong RightsMask = 0xFF00;

    // The line of an OID: as FastLine.xsi computes it.
    private const uint Spread = 0x61C8_8647;
    private const int SpreadShift = 24;

    /// <summary>F3: the OID in it is looked for in another line than 0; and 0 is looked for in line 0.</summary>
    private const ulong NotInLine0 = 1 << 16;

    private readonly FastTarget[] _lines = new FastTarget[Lines];

    public FastTargets() => ForgetAll();

    /// <summary>The line at <paramref name="index"/>.</summary>
    public ref FastTarget this[int index] => ref _lines[index];

    /// <summary>Gives the fast path the addresses of what it uses.</summary>
    public static void Publish(Kernel kernel)
    {
        ref TrapBlock block = ref kernel.State.Trap;
        block.Targets = (ulong)Unsafe.AsPointer(ref kernel.Spaces.Targets[0]);
        block.Activities = (ulong)Unsafe.AsPointer(ref kernel.Activities[0]);
        block.Awaited = (ulong)Unsafe.AsPointer(ref kernel.Stalls.Awaited[0]);
        block.Counters = (ulong)Unsafe.AsPointer(ref kernel.Counters.Values);
        block.NotPlain = NotPlain;
    }

    /// <summary>Learns a writable process (the frame-table entry <paramref name="entry"/>, of that version) and the
    /// root that it runs on.</summary>
    public void Learn(int entry, uint version, ref ProcessFrame process, int root, uint rootPfn)
    {
        ulong start = new Capability(CapabilityType.Start, Oid.Of(process.Frame), 0).Low;
        ref FastTarget line = ref LineOf(start);
        bool isPlain = process.Schedule.Type == CapabilityType.Schedule
            && process.Schedule.Data < Limits.Priorities
            && (process.FsBase | process.GsBase) == 0;
        if (line.Start == start || !isPlain)
        {
            return;
        }

        line.Start = start;
        line.Frame = (ulong)Unsafe.AsPointer(ref process);
        line.Cr3 = (ulong)rootPfn << Guard.PageLog2;
        line.Version = version;
        line.Root = root;
        line.Process = entry;
        line.Priority = (int)process.Schedule.Data;
    }

    /// <summary>Learns that <paramref name="forwarder"/> led to <paramref name="target"/>, a start capability with the
    /// payload that its process is told.</summary>
    public void Learn(in Capability forwarder, in Capability target)
    {
        ref FastTarget line = ref LineOf(forwarder.Low);
        line.Forwarder = NameOf(forwarder);
        line.ForwarderVersion = forwarder.Version;
        line.Target = NameOf(target);
        line.TargetVersion = target.Version;
        line.Payload = target.Data;
    }

    /// <summary>A process, or a node, is about to be another, or to have another schedule, space, base, slot or
    /// flag.</summary>
    public void Forget(Oid oid) => Forget(new Capability(default, oid, 0).Low);

    /// <summary>No process is writable any more; or roots stand for other spaces.</summary>
    public void ForgetAll()
    {
        for (int i = 0; i < Lines; i++)
        {
            ref FastTarget line = ref _lines[i];
            line.Start = 0;
            line.Forwarder = 0;
        }

        _lines[0].Start = NotInLine0;
        _lines[0].Forwarder = NotInLine0;
    }

    private static ulong NameOf(in Capability capability) => capability.Low & ~RightsMask;

    private static int IndexOf(ulong low) => (int)((uint)Oid.InUpper(low).Value * Spread >> SpreadShift);

    private ref FastTarget LineOf(ulong low) => ref _lines[IndexOf(low)];

    /// <summary>Others of the same line stay known: whoever changes a node must not make a server slow.</summary>
    private void Forget(ulong low)
    {
        ref FastTarget line = ref LineOf(low);
        ulong unused = IndexOf(low) == 0 ? NotInLine0 : 0;
        line.Start = IsOfSame(line.Start, low) ? unused : line.Start;
        line.Forwarder = IsOfSame(line.Forwarder, low) ? unused : line.Forwarder;
    }

    private static bool IsOfSame(ulong name, ulong low) => Oid.InUpper(name ^ low).Value == 0;
}
