// ExceptionTrace: what the host does to an exception while it is thrown, and how it makes names of addresses. An image
// without names leaves the two functions alone, and its exceptions say less.

namespace System.Runtime;

/// <summary>The host's side of <see cref="Exception"/>.</summary>
public static unsafe class ExceptionTrace
{
    private static delegate*<Exception, string?> _text;
    private static delegate*<object, string?> _type;

    /// <summary>Says who makes the text of a trace, and the name of an object's type.</summary>
    public static void DescribeWith(delegate*<Exception, string?> text, delegate*<object, string?> type)
    {
        _text = text;
        _type = type;
    }

    /// <summary>Forgets the trace: the exception is thrown anew.</summary>
    public static void Clear(Exception exception) => exception.ClearTrace();

    /// <summary>Notes a frame, from the inside out.</summary>
    /// <param name="exception">What is being thrown.</param>
    /// <param name="address">Where the frame's code was: behind its call.</param>
    public static void Add(Exception exception, nint address) => exception.AddFrame(address);

    /// <summary>Addresses of the code that was being run, innermost first.</summary>
    public static ReadOnlySpan<nint> Frames(Exception exception) => exception.Frames;

    /// <summary>How many outer frames <see cref="Frames"/> leaves out.</summary>
    public static int MissingFrames(Exception exception) => exception.MissingFrames;

    internal static string? TextOf(Exception exception) => _text is null ? null : _text(exception);

    internal static string? TypeOf(object thing) => _type is null ? null : _type(thing);
}
