// RecoveryTable: which checkpoint a volume comes back to, as a table of cases. A test walks all combinations and
// demands one row for each.
//
// What is known of a volume at the mount (Layout/CheckpointHeader.cs):
//   newest  the newest generation g of which a header is readable
//   other   the newest readable in the other pair of headers: None, Previous (g-1) or Older
//   mark    the newest readable migration mark m: Unreadable, Newer (m > g), Same, Previous (m = g-1), Older
//
// Why the rows are right: g is settled when both copies of its header and both marks of g are on the medium. The
// headers of g+1 are written only after that, and so is whatever g-1 may miss: home frames of generations up to g, and
// the log of what the header of g does not list. So with m > g a newer generation was settled, and g may miss
// something. With m = g, g-1 may. With m = g-1, nothing of that was done, for g is not settled, and both are whole.
// With m < g-1, writes of marks were lost; the header of g shows that g-1 was settled, and g is whole unless its
// successors were lost with their marks. Without a mark, a readable g-1 in the other pair shows that no g+1 was
// settled: both copies of its header would stand there.

using System;

namespace Eros.Persistence.Recovery;

/// <summary>The generation in the pair of headers that has not the newest one.</summary>
public enum OtherHeader : byte
{
    None,
    Previous,
    Older,
    Count,
}

/// <summary>The migration mark, seen from the newest header's generation.</summary>
public enum MarkRelation : byte
{
    Unreadable,
    Newer,
    Same,
    Previous,
    Older,
    Count,
}

/// <summary>What is to be done.</summary>
public enum RecoveryAction : byte
{
    /// <summary>There is no header.</summary>
    RefuseNoCheckpoint,

    /// <summary>A newer generation's migration has begun, and its headers are unreadable.</summary>
    RefuseMigrationBegun,

    /// <summary>Nothing shows that the newest readable header is the newest there was.</summary>
    RefuseMarksBad,

    /// <summary>Mount the newest; if its directory is damaged, refuse.</summary>
    Mount,

    /// <summary>Mount the newest; if its directory is damaged, the previous one.</summary>
    MountOrPrevious,
}

/// <summary>The cases.</summary>
public static class RecoveryTable
{
    private const byte Any = 255;
    private const byte None = 0;
    private const byte Some = 1;
    private const int Columns = 4;

    /// <summary>Rows of the table.</summary>
    public static int Count => Rows.Length / Columns;

    private static ReadOnlySpan<byte> Rows =>
    [
        None, Any, Any, (byte)RecoveryAction.RefuseNoCheckpoint,
        Some, Any, (byte)MarkRelation.Newer, (byte)RecoveryAction.RefuseMigrationBegun,
        Some, Any, (byte)MarkRelation.Same, (byte)RecoveryAction.Mount,
        Some, (byte)OtherHeader.Previous, (byte)MarkRelation.Previous, (byte)RecoveryAction.MountOrPrevious,
        Some, (byte)OtherHeader.None, (byte)MarkRelation.Previous, (byte)RecoveryAction.Mount,
        Some, (byte)OtherHeader.Older, (byte)MarkRelation.Previous, (byte)RecoveryAction.Mount,
        Some, Any, (byte)MarkRelation.Older, (byte)RecoveryAction.Mount,
        Some, (byte)OtherHeader.Previous, (byte)MarkRelation.Unreadable, (byte)RecoveryAction.Mount,
        Some, (byte)OtherHeader.None, (byte)MarkRelation.Unreadable, (byte)RecoveryAction.RefuseMarksBad,
        Some, (byte)OtherHeader.Older, (byte)MarkRelation.Unreadable, (byte)RecoveryAction.RefuseMarksBad,
    ];

    /// <summary>True when the row is for these facts.</summary>
    public static bool Matches(int row, bool hasHeader, OtherHeader other, MarkRelation mark)
    {
        ReadOnlySpan<byte> cells = Rows.Slice(row * Columns, Columns);
        return cells[0] == (hasHeader ? Some : None)
            && (cells[1] == Any || cells[1] == (byte)other)
            && (cells[2] == Any || cells[2] == (byte)mark);
    }

    /// <summary>What the one row that is for these facts says.</summary>
    public static RecoveryAction Decide(bool hasHeader, OtherHeader other, MarkRelation mark)
    {
        int row = 0;
        while (!Matches(row, hasHeader, other, mark))
        {
            row++;
        }

        return (RecoveryAction)Rows[(row * Columns) + Columns - 1];
    }
}
