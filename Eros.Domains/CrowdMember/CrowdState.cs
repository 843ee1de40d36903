// CrowdState: what a member keeps of itself, in pages of its own that no string of its invocations reaches: nothing is
// mapped just before them, and its window is elsewhere.

using System.Runtime.InteropServices;
using Eros.Kernel.Protocol;

namespace Eros.Domains.CrowdMember;

/// <summary>Its first page; the counts begin in the next.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CrowdState
{
    public const int SizeInBytes = 88;

    /// <summary>Orders that are counted one by one; then the common one, and all others.</summary>
    public const int SmallOrders = 16;
    public const int Orders = SmallOrders + 2;

    /// <summary>Results that are counted: Ok, the common ones by number, all others.</summary>
    public const int CommonResults = 11;
    public const int Results = CommonResults + 1;

    public const int Counts = (CrowdWares.Types + 1) * Orders * Results;

    /// <summary>Of the generator.</summary>
    public ulong Random;

    /// <summary>Invocations that were made.</summary>
    public ulong Invocations;

    /// <summary>Lives that were begun.</summary>
    public ulong Lives;

    /// <summary>A call that was answered Ok and should have been refused, if <see cref="SuspectWare"/> is not 0.
    /// </summary>
    public ulong SuspectOrder;
    public ulong SuspectWord1;
    public ulong SuspectWord2;

    /// <summary>What was called. Whether it was, the keeper has to find out: another member may have changed the
    /// register.</summary>
    public int SuspectWare;

    /// <summary>The register with which everything is tried now; 0 for none.</summary>
    public byte Target;

    /// <summary>The order that was tried with it last.</summary>
    public byte Tried;

    /// <summary>A register into which something has come meanwhile, for the next turn; 0 for none.</summary>
    public byte Next;

    /// <summary>What each register was given, if nothing has come into it since.</summary>
    public HeldWares Held;

    public static int Place(int type, ulong order, uint result)
    {
        int column = order < SmallOrders ? (int)order : order == CommonOrder.TypeOf ? SmallOrders : SmallOrders + 1;
        uint common = result - (uint)Result.FirstCommon;
        int row = result == 0 ? 0 : common is > 0 and < CommonResults ? (int)common : CommonResults;
        return (((type * Orders) + column) * Results) + row;
    }
}
