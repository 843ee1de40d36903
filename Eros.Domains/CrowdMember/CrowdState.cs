// CrowdState: what a member keeps of itself, in pages of its own that no string of its invocations reaches: nothing is
// mapped just before them, and its window is elsewhere.

using System.Runtime.InteropServices;
using Eros.Kernel.Protocol;

namespace Eros.Domains.CrowdMember;

/// <summary>Its first page; the counts begin in the next.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CrowdState
{
    public const int SizeInBytes = 32;

    /// <summary>Orders that are counted one by one; then the common one, and all others.</summary>
    public const int SmallOrders = 16;
    public const int Orders = SmallOrders + 2;

    /// <summary>Results that are counted: Ok, the common ones by number, all others.</summary>
    public const int CommonResults = 11;
    public const int Results = CommonResults + 1;

    public const int Counts = (CrowdTypes.Types + 1) * Orders * Results;

    /// <summary>Of the generator.</summary>
    public ulong Random;

    /// <summary>Invocations that were made.</summary>
    public ulong Invocations;

    /// <summary>Lives that were begun.</summary>
    public ulong Lives;

    /// <summary>Registers into which something has come since they were given, a bit each.</summary>
    public ulong Changed;

    public static int Place(int type, ulong order, uint result)
    {
        int column = order < SmallOrders ? (int)order : order == CommonOrder.TypeOf ? SmallOrders : SmallOrders + 1;
        uint common = result - (uint)Result.FirstCommon;
        int row = result == 0 ? 0 : common is > 0 and < CommonResults ? (int)common : CommonResults;
        return (((type * Orders) + column) * Results) + row;
    }
}
