// SpaceFault: what comes of looking an address up in a space.

using Eros.Persistence.Layout;

namespace Eros.Kernel.Spaces;

/// <summary>What is wanted of the page at an address.</summary>
public enum Access : byte
{
    Read = 0,
    Write = 1,
    Execute = 2,
}

/// <summary>How it ended.</summary>
public enum SpaceOutcome : byte
{
    /// <summary>The page is there and mapped: repeat the instruction.</summary>
    Ok = 0,

    /// <summary>A node or page on the way is on disk: have SpaceFault.Frame loaded, then repeat the
    /// instruction.</summary>
    Absent,

    /// <summary>No log space or memory to dirty the page or to hold a page table: wait for space, then repeat the
    /// instruction.</summary>
    NoRoom,

    /// <summary>The space gives no such page: SpaceFault.Code, and Keeper is to be told, or the process's keeper when
    /// it is void.</summary>
    Fault,
}

/// <summary>The particulars. Only those of the outcome are set.</summary>
public struct SpaceFault
{
    /// <summary>Absent: the home frame to load.</summary>
    public ulong Frame;

    /// <summary>Fault: the address, counted from the start of the space that the keeper keeps; the whole address when
    /// Keeper is void.</summary>
    public ulong Offset;

    /// <summary>Fault: the innermost keeper that no restriction hides, or void.</summary>
    public Capability Keeper;

    /// <summary>Fault with a keeper: the node that holds it, with all rights. The keeper's capability sits in that very
    /// node, so whoever put it there has trusted it with the node, whatever the way of the process that faulted.
    /// </summary>
    public Capability Node;

    /// <summary>Fault with a keeper: the rights taken away on the way to that node.</summary>
    public Rights Rights;
    public FaultCode Code;
}
