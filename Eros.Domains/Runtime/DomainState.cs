// DomainState: what the run time keeps for the one domain of this space: its capability registers and two buffers for
// strings. The buffers grow to the longest string seen, at most 64 KB each, and never move.

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Eros.Domains.Runtime;

public sealed unsafe partial class DomainState
{
    private const int SmallestBuffer = 256;

    private byte[] _send = [];
    private byte[] _receive = [];

    internal CapabilityRegisters Registers { get; set; } = new(0);

    /// <summary>Where strings that are sent are put together, at least <paramref name="bytes"/> long.</summary>
    public Span<byte> SendBuffer(int bytes) => Grow(ref _send, bytes);

    /// <summary>Where the strings of answers arrive, at least <paramref name="bytes"/> long.</summary>
    public Span<byte> ReceiveBuffer(int bytes) => Grow(ref _receive, bytes);

    /// <summary>
    /// Puts text into the send buffer; its length goes into the low half of <paramref name="lengths"/>.
    /// </summary>
    internal ulong Encode(string text, ref ulong lengths)
    {
        Span<byte> buffer = SendBuffer(Encoding.UTF8.GetMaxByteCount(text.Length));
        lengths |= (uint)Encoding.UTF8.GetBytes(text.AsSpan(), buffer);
        return (ulong)AddressOf(buffer);
    }

    /// <summary>
    /// The address of a buffer's first byte. Safety: only for buffers of this class and <see cref="NewBuffer"/>.
    /// </summary>
    public static byte* AddressOf(Span<byte> buffer) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer));

    private static Span<byte> Grow(ref byte[] buffer, int bytes)
    {
        if (buffer.Length < bytes || buffer.Length == 0)
        {
            buffer = NewBuffer(Math.Max(Math.Max(bytes, 2 * buffer.Length), SmallestBuffer));
        }

        return buffer;
    }
}
