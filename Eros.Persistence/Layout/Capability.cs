// Capability: an object and the rights to it, 16 bytes, the same in memory and on disk. It never holds a pointer.
//
//  low   63                                16 15      8 7       0
//       +------------------------------------+---------+---------+
//       |                OID                 | rights  |  type   |
//       +------------------------------------+---------+---------+
//  high  63                        32 31                         0
//       +----------------------------+----------------------------+
//       |            data            |          version           |
//       +----------------------------+----------------------------+
//
// Number: low 16..31 zero, low 32..63 and high are the 96 bits of value.
// Resume, fault-resume: high is the 64-bit call count of the process.
// Range: OID is that of the first frame (index 0), high is the count of frames.
// Space and page, and a node that is to stand in a space: data is a Guard.
// Start: data is the payload. Schedule: data is the priority and, above its 8 bits, the number of a reserve plus 1;
// version is that reserve's.
// Notification: data is the mask of bits it sets. Console session: version is the boot epoch, data the
// number of the session. Device memory, port, interrupt: version is the boot epoch, data what the device grant opened.
//
// To use a capability is to look its OID up and compare versions; a mismatch is a void capability.

using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>One capability. All bits are reached through this type.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeInBytes)]
public readonly struct Capability
{
    /// <summary>Bytes of a capability, in memory and on disk.</summary>
    public const int SizeInBytes = 16;

    private const int RightsShift = 8;
    private const int OidShift = 16;
    private const int DataShift = 32;

    /// <summary>Type, rights and OID.</summary>
    public readonly ulong Low;

    /// <summary>Version and data.</summary>
    public readonly ulong High;

    public Capability(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public Capability(CapabilityType type, Oid oid, uint version, uint data = 0, Rights rights = Rights.None)
        : this((byte)type | ((ulong)rights << RightsShift) | (oid.Value << OidShift),
            version | ((ulong)data << DataShift))
    {
    }

    /// <summary>The capability of nothing.</summary>
    public static Capability Void => default;

    /// <summary>A number of 96 bits: <paramref name="value"/> and, above it, <paramref name="top"/>.</summary>
    public static Capability Number(ulong value, uint top = 0) =>
        new((byte)CapabilityType.Number | (value << DataShift), (value >> DataShift) | ((ulong)top << DataShift));

    /// <summary>The right to reply, once, to the call that <paramref name="process"/> waits in.</summary>
    public static Capability Resume(Oid process, ulong callCount, CapabilityType type = CapabilityType.Resume) =>
        new((byte)type | (process.Value << OidShift), callCount);

    /// <summary>Authority over <paramref name="count"/> frames from <paramref name="firstFrame"/>.</summary>
    public static Capability Range(ulong firstFrame, ulong count) =>
        new((byte)CapabilityType.Range | (Oid.Of(firstFrame).Value << OidShift), count);

    public CapabilityType Type => (CapabilityType)(byte)Low;

    public Rights Rights => (Rights)(byte)(Low >> RightsShift);

    public Oid Oid => Oid.InUpper(Low);

    /// <summary>The object's version when this capability was made.</summary>
    public uint Version => (uint)High;

    /// <summary>Payload, guard, priority or mask, by type.</summary>
    public uint Data => (uint)(High >> DataShift);

    /// <summary>Resume: the call that it answers. Range: frames.</summary>
    public ulong Count => High;

    /// <summary>The low 64 bits of a number.</summary>
    public ulong NumberValue => (Low >> DataShift) | (High << DataShift);

    /// <summary>The upper 32 bits of a number.</summary>
    public uint NumberTop => (uint)(High >> DataShift);

    /// <summary>True for types whose OID is looked up in the object table.</summary>
    public bool NamesObject => Type is >= CapabilityType.Page and <= CapabilityType.FaultResume;

    /// <summary>The same with rights taken away, beside those that it lacks already.</summary>
    public Capability Less(Rights taken) => new(Low | ((ulong)taken << RightsShift), High);

    public Capability WithType(CapabilityType type) => new((Low & ~0xFFUL) | (byte)type, High);

    public Capability WithData(uint data) => new(Low, (uint)High | ((ulong)data << DataShift));

    /// <summary>True when every bit is the same.</summary>
    public bool SameAs(in Capability other) => Low == other.Low && High == other.High;
}
