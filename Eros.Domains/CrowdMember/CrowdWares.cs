// CrowdWares: what a member of the crowd is given, by number. 0 is what has come to it from elsewhere.
//
//   1..27    the crowd's own, with all rights or less, and what anybody may have
//   28..39   of bystanders, and diminished: none of them lets its holder change what it is of
//   40       nothing
//
// At the beginning of a life some registers are filled anew. Keeper and member agree on what with: the registers, and
// the wares, come in turn; since neither number divides the other, each ware comes to each register.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Layout;

namespace Eros.Domains.CrowdMember;

/// <summary>What a member knows of each of its registers.</summary>
[InlineArray(CrowdWares.Registers)]
internal struct HeldWares
{
    private byte _register0;
}

/// <summary>Wares by number.</summary>
internal static class CrowdWares
{
    public const int Registers = 32;

    /// <summary>Came from elsewhere.</summary>
    public const int Unknown = 0;

    public const int Page = 1;
    public const int ReadOnlyPage = 2;
    public const int WeakPage = 3;
    public const int Node = 4;
    public const int WeakNode = 5;
    public const int Leaf = 6;
    public const int Region = 7;
    public const int ForwarderNode = 8;
    public const int Space = 9;
    public const int TangledSpace = 10;
    public const int Forwarder = 11;
    public const int BlockedForwarder = 12;
    public const int OwnProcess = 13;
    public const int NextProcess = 14;
    public const int OwnStart = 15;
    public const int NextStart = 16;
    public const int Notification = 17;
    public const int Schedule = 18;
    public const int Sleep = 19;
    public const int Discrim = 20;
    public const int ProcessTool = 21;
    public const int Bank = 22;
    public const int PipeReader = 23;
    public const int FirstService = 24;

    public const int TheirReadOnlyPage = 28;
    public const int TheirWeakPage = 29;
    public const int TheirReadOnlyNode = 30;
    public const int TheirWeakNode = 31;
    public const int TheirOpaqueNode = 32;
    public const int TheirReadOnlySpace = 33;
    public const int TheirNoCallSpace = 34;
    public const int TheirWeakSpace = 35;
    public const int TheirWeakLeaf = 36;
    public const int TheirOpaqueLeaf = 37;
    public const int TheirForwarder = 38;
    public const int TheirBlockedForwarder = 39;

    public const int Nothing = 40;
    public const int Count = 40;

    /// <summary>Types that are counted; behind them, whatever has come into a register.</summary>
    public const int Types = (int)CapabilityType.ProcessTool + 1;

    /// <summary>log2 of a slot of the space that a member runs in. In the first slot is what it was made with, a space
    /// of the space keeper's; in the slots behind is what <see cref="Views"/> names.</summary>
    public const int ViewLog2 = 32;

    private const int RefilledPerLife = 12;
    private const int AllRegisters = Registers - 1;

    /// <summary>Bystanders' memory, as a member sees it in its space.</summary>
    public static ReadOnlySpan<byte> Views =>
    [
        TheirReadOnlySpace, TheirNoCallSpace, TheirWeakSpace, TheirWeakLeaf, TheirOpaqueLeaf, TheirReadOnlyPage,
        TheirWeakPage,
    ];

    /// <summary>How many registers are filled before a life: all before the first.</summary>
    public static int RefilledBefore(ulong life) => life == 0 ? AllRegisters : RefilledPerLife;

    /// <summary>One of the registers that a life begins with anew, and what it is given.</summary>
    public static int RefilledAt(ulong life, int number, out int ware)
    {
        ulong turn = (ulong)number + (life == 0 ? 0 : AllRegisters + (life * RefilledPerLife));
        ware = 1 + (int)(turn % Count);
        return 1 + (int)(turn % AllRegisters);
    }

    public static CapabilityType TypeOf(int ware) => ware switch
    {
        (>= Page and <= WeakPage) or TheirReadOnlyPage or TheirWeakPage => CapabilityType.Page,
        (>= Node and <= ForwarderNode) or (>= TheirReadOnlyNode and <= TheirOpaqueNode) or TheirWeakLeaf
            or TheirOpaqueLeaf => CapabilityType.Node,
        Space or TangledSpace or (>= TheirReadOnlySpace and <= TheirWeakSpace) => CapabilityType.Space,
        Forwarder or BlockedForwarder or Bank or TheirForwarder or TheirBlockedForwarder => CapabilityType.Forwarder,
        OwnProcess or NextProcess => CapabilityType.Process,
        Notification => CapabilityType.Notification,
        Schedule => CapabilityType.Schedule,
        Sleep => CapabilityType.Sleep,
        Discrim => CapabilityType.Discrim,
        ProcessTool => CapabilityType.ProcessTool,
        Nothing => CapabilityType.Void,
        _ => CapabilityType.Start,
    };

    /// <summary>The rights that a ware lacks: with them it is given.</summary>
    public static Rights RightsOf(int ware) => ware switch
    {
        ReadOnlyPage or TheirReadOnlyPage or TheirReadOnlyNode or TheirReadOnlySpace => Rights.ReadOnly,
        WeakPage or WeakNode or TheirWeakPage or TheirWeakSpace => Rights.Weak,
        TheirWeakNode or TheirWeakLeaf => Rights.ReadOnly | Rights.Weak | Rights.NoCall,
        TheirOpaqueNode => Rights.Opaque,
        TheirOpaqueLeaf => Rights.ReadOnly | Rights.Opaque,
        TheirNoCallSpace => Rights.ReadOnly | Rights.NoCall,
        _ => Rights.None,
    };
}
