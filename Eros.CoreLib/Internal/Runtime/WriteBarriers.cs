// Stores of references. No collector watches them, so each is a plain store.
// RhpByRefAssignRef has its own register contract and is in Helpers.xs.

using System.Runtime;

namespace Internal.Runtime;

internal static unsafe class WriteBarriers
{
    [RuntimeExport("RhpAssignRef")]
    private static void Assign(nint* slot, nint value) => *slot = value;

    [RuntimeExport("RhpCheckedAssignRef")]
    private static void CheckedAssign(nint* slot, nint value) => *slot = value;
}
