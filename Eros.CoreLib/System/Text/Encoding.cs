// UTF-8, the only encoding. Malformed input, in either direction, becomes U+FFFD: one for each unpaired surrogate, and
// one for each longest piece of an ill-formed sequence that could still have become a character (Unicode 15, D93b).

namespace System.Text;

public sealed class Encoding
{
    private const char Replacement = '\uFFFD';
    private const int MaxBytesPerChar = 3;

    private Encoding()
    {
    }

    public static Encoding UTF8 { get; } = new();

    public int GetMaxByteCount(int charCount) => checked((charCount + 1) * MaxBytesPerChar);

    public int GetByteCount(ReadOnlySpan<char> chars)
    {
        int count = 0;
        while (!chars.IsEmpty)
        {
            count += SizeOf(TakeScalar(ref chars));
        }

        return count;
    }

    public int GetByteCount(string s) => GetByteCount(s.AsSpan());

    public byte[] GetBytes(string s)
    {
        byte[] bytes = new byte[GetByteCount(s)];
        GetBytes(s.AsSpan(), bytes);
        return bytes;
    }

    /// <summary>Writes the bytes and returns their number; a destination too short is an ArgumentException.</summary>
    public int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes) =>
        TryGetBytes(chars, bytes, out int written) ? written : throw new ArgumentException("no room for the bytes");

    public bool TryGetBytes(ReadOnlySpan<char> chars, Span<byte> bytes, out int bytesWritten)
    {
        bytesWritten = 0;
        while (!chars.IsEmpty)
        {
            uint scalar = TakeScalar(ref chars);
            int size = SizeOf(scalar);
            if (bytes.Length - bytesWritten < size)
            {
                return false;
            }

            Write(scalar, bytes.Slice(bytesWritten, size));
            bytesWritten += size;
        }

        return true;
    }

    public int GetCharCount(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (!bytes.IsEmpty)
        {
            count += TakeScalar(ref bytes) > 0xFFFF ? 2 : 1;
        }

        return count;
    }

    public string GetString(byte[] bytes) => GetString(new ReadOnlySpan<byte>(bytes));

    public string GetString(byte[] bytes, int index, int count) =>
        GetString(new ReadOnlySpan<byte>(bytes, index, count));

    public string GetString(ReadOnlySpan<byte> bytes)
    {
        string result = string.FastAllocateString(GetCharCount(bytes));
        GetChars(bytes, new Span<char>(ref result.GetRawStringData(), result.Length));
        return result;
    }

    /// <summary>Writes the characters and returns their number.</summary>
    public int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        int count = 0;
        while (!bytes.IsEmpty)
        {
            uint scalar = TakeScalar(ref bytes);
            if (scalar > 0xFFFF)
            {
                chars[count++] = (char)(0xD7C0 + (scalar >> 10));
                scalar = 0xDC00 | (scalar & 0x3FF);
            }

            chars[count++] = (char)scalar;
        }

        return count;
    }

    private static uint TakeScalar(ref ReadOnlySpan<char> chars)
    {
        char first = chars[0];
        bool isPair = char.IsHighSurrogate(first) && chars.Length > 1 && char.IsLowSurrogate(chars[1]);
        uint scalar = isPair ? ((uint)(first - 0xD7C0) << 10) + (chars[1] & 0x3FFu)
            : char.IsSurrogate(first) ? Replacement : first;
        chars = chars.Slice(isPair ? 2 : 1);
        return scalar;
    }

    // The well-formed sequences are those of Unicode table 3-7: the second byte is limited by the first.
    private static uint TakeScalar(ref ReadOnlySpan<byte> bytes)
    {
        uint first = bytes[0];
        int rest = first switch
        {
            < 0x80 => 0,
            >= 0xC2 and < 0xE0 => 1,
            >= 0xE0 and < 0xF0 => 2,
            >= 0xF0 and < 0xF5 => 3,
            _ => -1,
        };
        uint scalar = rest <= 0 ? first : first & (0x3Fu >> rest);
        uint low = first == 0xE0 ? 0xA0u : first == 0xF0 ? 0x90u : 0x80u;
        uint high = first == 0xED ? 0x9Fu : first == 0xF4 ? 0x8Fu : 0xBFu;
        int taken = 1;
        for (; taken <= rest && taken < bytes.Length && bytes[taken] >= low && bytes[taken] <= high; taken++)
        {
            scalar = (scalar << 6) | (bytes[taken] & 0x3Fu);
            (low, high) = (0x80, 0xBF);
        }

        bytes = bytes.Slice(taken);
        return rest >= 0 && taken == rest + 1 ? scalar : Replacement;
    }

    private static int SizeOf(uint scalar) => scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x1_0000 ? 3 : 4;

    private static void Write(uint scalar, Span<byte> bytes)
    {
        if (bytes.Length == 1)
        {
            bytes[0] = (byte)scalar;
            return;
        }

        for (int i = bytes.Length - 1; i > 0; i--, scalar >>= 6)
        {
            bytes[i] = (byte)(0x80 | (scalar & 0x3F));
        }

        // As many ones at the top as there are bytes.
        bytes[0] = (byte)((0xF00u >> bytes.Length & 0xF0) | scalar);
    }
}
