// ResultText: results in words, for people.

using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

public static class ResultText
{
    /// <summary>A few words without a full stop.</summary>
    public static string Of(Result result) => result switch
    {
        Result.Ok => "done",
        Result.VoidCapability => "the capability is void",
        Result.UnknownOrder => "the object does not know the order",
        Result.BadArgument => "bad argument",
        Result.NoAccess => "the capability does not allow it",
        Result.Restarted => "the machine was restarted meanwhile",
        Result.LimitReached => "a limit is reached",
        Result.BadObject => "the object is damaged on the disk",
        Result.NotDurable => "nothing can be made durable",
        Result.Busy => "busy",
        Result.Cancelled => "given up",
        _ => "result " + (uint)result,
    };
}
