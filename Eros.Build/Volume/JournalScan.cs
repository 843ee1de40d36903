using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>The records of the journal that belong to a generation.</summary>
internal static class JournalScan
{
    /// <summary>
    /// Fills the report. A record that is damaged is told when another follows it: a cut leaves none but the last
    /// incomplete. One that the disk cannot read is always told.
    /// </summary>
    internal static void Run(BlockReader reader, VolumeReport report, ulong generation, uint scratch)
    {
        ulong next = 0;
        for (ulong number = 0; number < VolumeGeometry.JournalRecords; number++)
        {
            Outcome outcome = Read(reader, report, generation, number, scratch, out JournalledPage page);
            if (outcome == Outcome.BadBlock)
            {
                continue;
            }

            ulong end = outcome == Outcome.Ok ? number : number + 1;
            for (; next < end; next++)
            {
                report.Errors.Add(new VolumeError(null, $"record {next} of the journal cannot be read"));
            }

            next = number + 1;
            if (outcome == Outcome.Ok)
            {
                report.Journal.Add(new JournalReport(number, Oid.Of(page.Frame).Value, page.Version));
            }
        }
    }

    /// <summary>BadBlock: there is none. DiskError: nobody knows.</summary>
    private static Outcome Read(
        BlockReader reader, VolumeReport report, ulong generation, ulong number, uint scratch, out JournalledPage page)
    {
        page = default;
        ulong block = report.Geometry.JournalBlock(number);
        ulong name = JournalRecord.NameOf(report.VolumeId, generation, number);
        if (!reader.Read(block + 1, scratch))
        {
            return Outcome.DiskError;
        }

        if (!BlockHeader.IsIntact(reader.Memory, scratch, JournalRecord.MagicValue, name))
        {
            return Outcome.BadBlock;
        }

        page = reader.Memory.As<JournalRecord>(scratch).Page;
        if (!reader.Read(block, scratch))
        {
            return Outcome.DiskError;
        }

        return Crc32C.OfBlock(reader.Memory, scratch) == page.Crc ? Outcome.Ok : Outcome.BadBlock;
    }
}
