// The first C# that runs. Until the kernel is composed here, it says hello and leaves the emulator.

using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Hal;

internal static class KernelEntry
{
    private const ushort Com1 = 0x3F8;
    private const ushort LineStatus = Com1 + 5;
    private const byte TransmitterEmpty = 0x20;

    // QEMU's isa-debug-exit: the process ends with 2 * value + 1.
    private const ushort DebugExit = 0xF4;

    [RuntimeExport("KernelEntry")]
    private static void Enter(ulong bootInformation, ulong protocol)
    {
        Startup.Run();
        Write("eros: hello\n");
        WritePort(DebugExit, 0);
    }

    [RuntimeExport("ErosAllocate")]
    private static nuint Allocate(nuint size)
    {
        Fail(FailCode.InvalidOperation, null);
        return 0;
    }

    [RuntimeExport("ErosFail")]
    private static void Fail(FailCode code, string? text)
    {
        Write("eros: stopped: ");
        Write(text ?? string.Empty);
        WritePort(DebugExit, (byte)code);
    }

    private static void Write(string text)
    {
        foreach (char c in text)
        {
            while ((ReadPort(LineStatus) & TransmitterEmpty) == 0)
            {
            }

            WritePort(Com1, (byte)c);
        }
    }

    [RuntimeImport("*", "Ports_WriteByte")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void WritePort(ushort port, byte value);

    [RuntimeImport("*", "Ports_ReadByte")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern byte ReadPort(ushort port);
}
