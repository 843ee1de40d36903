// BustleRecord: what one worker of the bustle says of itself. All records stand in one page, by the worker's number;
// who reads the page has all of them as they were at one instant.

using System.Runtime.InteropServices;

namespace Eros.Domains.BustleWorker;

/// <summary>What a worker does for ever.</summary>
public enum BustleTask : uint
{
    None = 0,

    /// <summary>Banks below banks: buys, frees, severs, limits, destroys.</summary>
    Bank,

    /// <summary>Pipes, directories and multiplexers are made by constructors, used, and destroyed.</summary>
    Product,

    /// <summary>Products write their copies of an image; spaces are made and frozen.</summary>
    Copy,

    /// <summary>Puts a running sequence of bytes into a pipe.</summary>
    Writer,

    /// <summary>Takes them out.</summary>
    Reader,

    /// <summary>Enters names into a directory, and takes them out.</summary>
    Directory,

    /// <summary>Posts an event, and waits for the answering one.</summary>
    Poster,

    /// <summary>Waits for an event, and answers it.</summary>
    Waiter,

    /// <summary>Blocks a forwarder, changes its word, and releases who was blocked.</summary>
    Gatekeeper,

    /// <summary>Calls through the forwarder.</summary>
    Caller,

    /// <summary>Is called through the forwarder.</summary>
    Server,

    /// <summary>Takes checkpoints when a time has come, whoever is at work then.</summary>
    Clock,
}

/// <summary>What a worker is in the middle of.</summary>
public enum BustleStep : uint
{
    None = 0,
    Open,
    Buy,
    Free,
    Sever,
    Limit,
    HandUp,
    Destroy,
    Request,
    Use,
    Touch,
    Freeze,
    Write,
    Read,
    Link,
    Unlink,
    Lookup,
    Post,
    Wait,
    Block,
    Release,
    Call,
}

/// <summary>One worker's record.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BustleRecord
{
    public const int SizeInBytes = 48;

    public BustleTask Task;

    /// <summary>What it is doing just now; None between two rounds.</summary>
    public BustleStep Step;

    /// <summary>Rounds that are done.</summary>
    public ulong Rounds;

    /// <summary>Times that something was not as it must be.</summary>
    public ulong Wrong;

    /// <summary>Which claim was broken first.</summary>
    public ulong FirstWrong;

    /// <summary>Bytes, calls or names, by the task.</summary>
    public ulong Done;

    /// <summary>Bytes that are on the way beside those.</summary>
    public ulong UnderWay;
}
