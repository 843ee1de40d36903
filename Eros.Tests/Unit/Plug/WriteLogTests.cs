using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Plug;
using NUnit.Framework;

namespace Eros.Tests.Unit.Plug;

[TestFixture, Category(TestKind.Unit)]
public sealed class WriteLogTests
{
    [Test]
    public void Entries_come_in_the_order_in_which_they_were_logged()
    {
        IReadOnlyList<WriteLogEntry> entries =
            new LogBuilder().Write(8, 2).Flush().Discard(100, 4).Write(3, 1, forced: true).Read();
        Assert.That(
            entries.Select(entry => (entry.Kind, entry.Offset, entry.Data.Length, entry.Forced)),
            Is.EqualTo(new[]
            {
                (WriteLogKind.Write, 8 * 512L, 1024, false),
                (WriteLogKind.Flush, 0L, 0, false),
                (WriteLogKind.Discard, 100 * 512L, 0, false),
                (WriteLogKind.Write, 3 * 512L, 512, true),
            }));
    }

    [Test]
    public void The_data_of_a_write_is_what_was_written()
    {
        WriteLogEntry entry = new LogBuilder().Write(1, 1, fill: 7).Read().Single();
        Assert.That(entry.Data, Is.All.EqualTo(7));
    }

    [Test]
    public void Marks_are_passed_over_with_their_text() =>
        Assert.That(new LogBuilder().Mark("checkpoint").Write(1, 1).Read().Single().Offset, Is.EqualTo(512));

    [Test]
    public void An_entry_without_all_its_data_ends_the_log()
    {
        byte[] log = new LogBuilder().Write(1, 1).Write(2, 4).Bytes();
        Assert.That(WriteLog.Read(new MemoryStream(log[..^1])), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_gap_of_zeros_ends_the_log() =>
        Assert.That(new LogBuilder().Write(1, 1).Gap().Write(2, 1).Read(), Has.Count.EqualTo(1));

    [Test]
    public void An_entry_says_where_in_the_file_it_ends()
    {
        LogBuilder log = new LogBuilder().Write(1, 3);
        int length = log.Bytes().Length;
        Assert.That(log.Flush().Read()[0].LogEnd, Is.EqualTo(length));
    }

    [Test]
    public void Another_file_is_refused() =>
        Assert.That(() => WriteLog.Read(new MemoryStream(new byte[4096])), Throws.TypeOf<InvalidDataException>());
}
