// RunState, FaultCode: what keepers and holders of process capabilities are told of a process.

namespace Eros.Persistence.Layout;

/// <summary>What a process is doing. The numbers are part of the disk format.</summary>
public enum RunState : byte
{
    /// <summary>Waits for anybody's message (a start capability or a notification).</summary>
    Available = 0,

    /// <summary>Waits for the reply to its call.</summary>
    Waiting = 1,

    /// <summary>Runs, is ready to, or is stalled with its program counter on the invocation that it will
    /// retry.</summary>
    Running = 2,

    /// <summary>Its call to a kernel object completes later (clock, console). After a restart it completes with
    /// Restarted.</summary>
    KernelWait = 3,

    /// <summary>Has a fault that no keeper took. Only a process capability moves it on.</summary>
    Faulted = 4,
}

/// <summary>Why a process cannot go on. Delivered to keepers; the numbers are part of the protocol.</summary>
public enum FaultCode : ushort
{
    None = 0,

    /// <summary>No page at the address.</summary>
    InvalidAddress = 1,

    /// <summary>The page is there, the right is not (write, execute).</summary>
    Access = 2,

    /// <summary>The space is deeper than the walk's bound, or has a cycle.</summary>
    SpaceTooDeep = 3,

    /// <summary>A node of the space has a size or guard that makes no sense.</summary>
    MalformedSpace = 4,

    /// <summary>The process has no space, or its slot holds no memory.</summary>
    NoSpace = 5,

    /// <summary>The process has no schedule.</summary>
    NoSchedule = 6,
    Divide = 16,
    Debug = 17,
    Breakpoint = 18,
    Overflow = 19,
    BadOpcode = 20,
    GeneralProtection = 21,
    FloatingPoint = 22,
    Alignment = 23,

    /// <summary>The object at the address could not be read from the disk, or did not match its checksum.</summary>
    BadObject = 32,

    /// <summary>A foreign process made a system call.</summary>
    ForeignCall = 33,
}
