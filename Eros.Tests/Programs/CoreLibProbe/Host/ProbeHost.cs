// What stands under the checks when there is no .NET: a heap that only grows, output and exit by system call.
// Usage: CoreLibProbe NAME runs one check and prints what it says; what is not caught is printed after FAIL.

using System;
using System.Collections.Generic;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Text;
using Eros.Domains.Runtime.Unwinding;

namespace Eros.Tests.Programs;

internal static unsafe class ProbeHost
{
    private static byte* _heap;
    private static byte* _heapEnd;

    [RuntimeExport("ProbeMain")]
    private static int Main(nint* arguments, byte* heap, byte* heapEnd)
    {
        _heap = heap;
        _heapEnd = heapEnd;
        Startup.Run();
        TraceText.Install();
        return arguments[0] == 2 ? RunCheck((byte*)arguments[2]) : 2;
    }

    private static int RunCheck(byte* name)
    {
        int length = 0;
        while (name[length] != 0)
        {
            length++;
        }

        string wanted = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(name, length));
        List<Check> checks = AllChecks.List();
        checks.AddRange(AllChecks.Exceptions());
        Failures.AddTo(checks);
        foreach (Check check in checks)
        {
            if (check.Name == wanted)
            {
                Output output = new();
                check.Body(output);
                Print(output.Text);
                return 0;
            }
        }

        return 2;
    }

    private static void Print(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* address = bytes)
        {
            Write(address, bytes.Length);
        }
    }

    [RuntimeExport("ErosAllocate")]
    private static byte* Allocate(nuint size)
    {
        byte* block = _heap;
        _heap += size;
        if (_heap > _heapEnd)
        {
            Exit(3);
        }

        return block;
    }

    [RuntimeExport("ErosUncaught")]
    private static void Uncaught(Exception exception)
    {
        Print($"FAIL {exception}\n");
        Exit(1);
    }

    [RuntimeImport("*", "Host_Write")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Write(byte* address, nint count);

    [RuntimeImport("*", "Host_Exit")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Exit(int status);
}
