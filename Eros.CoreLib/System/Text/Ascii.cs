namespace System.Text;

/// <summary>Case of the letters A to Z; all other characters are their own.</summary>
public static class Ascii
{
    public static bool EqualsIgnoreCase(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && (!char.IsAsciiLetter(left[i]) || (left[i] ^ right[i]) != 0x20))
            {
                return false;
            }
        }

        return true;
    }
}
