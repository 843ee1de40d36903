// Failure: how a domain gives up. It cannot print: it leaves what it has to say in registers, 48 bytes at a time, and
// faults; its keeper collects it and tells (Invoke.xs, Tell and Die). Nothing is allocated here: perhaps nothing can
// be.

using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Domains.Runtime.Unwinding;

namespace Eros.Domains.Runtime;

[StackTraceHidden]
internal static unsafe class Failure
{
    private static bool _isTelling;

    /// <summary>The domain begins, perhaps anew.</summary>
    public static void Forget() => _isTelling = false;

    /// <summary>Type, message, what it came from, and where it was thrown.</summary>
    [RuntimeExport("ErosUncaught")]
    [DoesNotReturn]
    private static void Uncaught(Exception exception)
    {
        LastWords words = default;
        if (!_isTelling)
        {
            _isTelling = true;
            Tell(ref words, exception);
        }

        words.End();
    }

    // A Message of the domain's own may throw: then what was told by then is all.
    private static void Tell(ref LastWords words, Exception exception)
    {
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            words.Add(current == exception ? "" : "\n ---> ");
            words.Add(OwnTables.Get().TypeName(*(ulong*)Unsafe.As<Exception, nint>(ref current)));
            words.Add(": ");
            words.Add(current.Message);
        }

        ProgramTables tables = OwnTables.Get();
        foreach (nint frame in ExceptionTrace.Frames(exception))
        {
            ulong address = (ulong)frame - 1;
            int function = tables.Find(address);
            words.Add("\n   at ");
            words.Add(tables.TypeOf(function));
            words.Add(".");
            words.Add(tables.NameOf(function));
            ReadOnlySpan<byte> file = tables.FileOf(function, address, out int line);
            if (line != 0)
            {
                words.Add(" in ");
                words.Add(file);
                words.Add(":");
                words.Add(line);
            }
        }
    }

    private struct LastWords
    {
        private const int Room = 48;

        private Bytes _bytes;
        private int _used;

        public void Add(string text)
        {
            foreach (char c in text)
            {
                Add(c < 0x80 ? (byte)c : (byte)'?');
            }
        }

        public void Add(ReadOnlySpan<byte> text)
        {
            foreach (byte b in text)
            {
                Add(b);
            }
        }

        public void Add(int number)
        {
            if (number >= 10)
            {
                Add(number / 10);
            }

            Add((byte)('0' + number % 10));
        }

        [DoesNotReturn]
        public void End()
        {
            Pad();
            Die(0, (byte*)Unsafe.AsPointer(ref _bytes));
            while (true)
            {
            }
        }

        private void Add(byte b)
        {
            _bytes[_used++] = b;
            if (_used == Room)
            {
                Failure.Tell(0, (byte*)Unsafe.AsPointer(ref _bytes));
                _used = 0;
            }
        }

        private void Pad()
        {
            for (int i = _used; i < Room; i++)
            {
                _bytes[i] = 0;
            }
        }

        [InlineArray(Room)]
        private struct Bytes
        {
            private byte _first;
        }
    }

    [RuntimeImport("*", "Domain_Tell")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Tell(ulong code, byte* text);

    [RuntimeImport("*", "Domain_Die")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Die(ulong code, byte* text);
}
