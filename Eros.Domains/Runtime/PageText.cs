// PageText: a page that holds a text: UTF-8, and zeros behind it.

using System;
using System.Text;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

public static class PageText
{
    /// <summary>The text in a page; what the page answers otherwise.</summary>
    public static Result ReadText(this IPage page, out string text)
    {
        byte[] bytes = new byte[MappedPage.SizeInBytes];
        Result result = page.Read(0, MappedPage.SizeInBytes, bytes, out int stored);
        int length = Array.IndexOf(bytes, (byte)0, 0, stored);
        text = Encoding.UTF8.GetString(bytes, 0, length < 0 ? stored : length);
        return result;
    }

    /// <summary>True for a text that a page has room for.</summary>
    public static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= MappedPage.SizeInBytes;

    /// <summary>
    /// Has a page hold a text. LimitReached for one that it has no room for: then it holds what it held.
    /// </summary>
    public static Result WriteText(this IPage page, string text)
    {
        if (!Fits(text))
        {
            return Result.LimitReached;
        }

        byte[] bytes = new byte[MappedPage.SizeInBytes];
        byte[] encoded = Encoding.UTF8.GetBytes(text);
        Array.Copy(encoded, bytes, encoded.Length);
        return page.Write(0, bytes);
    }
}
