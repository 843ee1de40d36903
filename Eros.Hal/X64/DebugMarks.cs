// DebugMarks: one byte at QEMU's debug port (isa-debugcon, port E9) whenever the kernel passes a point that tests
// want to know of. Where nobody listens, the write goes nowhere.

using Eros.Persistence.Store;

namespace Eros.Hal.X64;

/// <summary>The marks. Eros.Build/Qemu has the same letters.</summary>
public static class DebugMarks
{
    private const ushort Port = 0xE9;

    /// <summary>First instructions of the kernel.</summary>
    public static void Entry() => Native.Out8(Port, (byte)'k');

    public static void Phase(StorePhase phase) => Native.Out8(Port, phase switch
    {
        StorePhase.Snapshot => (byte)'S',
        StorePhase.Stabilise => (byte)'s',
        StorePhase.Commit => (byte)'c',
        StorePhase.Migrate => (byte)'m',
        _ => (byte)'i',
    });
}
