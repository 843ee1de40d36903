// TraceText: names of what an exception was thrown by and through, out of the image's tables.

using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Text;

namespace Eros.Domains.Runtime.Unwinding;

internal static unsafe class TraceText
{
    /// <summary>From now on exceptions can say where they come from.</summary>
    public static void Install() => ExceptionTrace.DescribeWith(&OfTrace, &OfType);

    private static string? OfTrace(Exception exception)
    {
        StringBuilder text = new();
        foreach (nint frame in ExceptionTrace.Frames(exception))
        {
            AppendFrame(text, (ulong)frame - 1);
        }

        if (ExceptionTrace.MissingFrames(exception) is > 0 and int missing)
        {
            text.Append("   and ").Append(missing).Append(" more\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string? OfType(object thing)
    {
        ReadOnlySpan<byte> name = OwnTables.Get().TypeName(*(ulong*)Unsafe.As<object, nint>(ref thing));
        return name.IsEmpty ? null : Encoding.UTF8.GetString(name);
    }

    private static void AppendFrame(StringBuilder text, ulong address)
    {
        ProgramTables tables = OwnTables.Get();
        int function = tables.Find(address);
        text.Append("   at ");
        text.Append(Encoding.UTF8.GetString(tables.TypeOf(function)));
        text.Append('.');
        text.Append(Encoding.UTF8.GetString(tables.NameOf(function)));
        ReadOnlySpan<byte> file = tables.FileOf(function, address, out int line);
        if (line != 0)
        {
            text.Append(" in ").Append(Encoding.UTF8.GetString(file)).Append(':').Append(line);
        }

        text.Append('\n');
    }
}
