using Eros.Persistence.Recovery;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

public sealed class RecoveryTableTests
{
    [Test]
    public void Exactly_one_row_is_for_each_combination_of_facts()
    {
        for (int header = 0; header < 2; header++)
        {
            for (OtherHeader other = 0; other < OtherHeader.Count; other++)
            {
                for (MarkRelation mark = 0; mark < MarkRelation.Count; mark++)
                {
                    int rows = 0;
                    for (int row = 0; row < RecoveryTable.Count; row++)
                    {
                        rows += RecoveryTable.Matches(row, header == 1, other, mark) ? 1 : 0;
                    }

                    Assert.That(rows, Is.EqualTo(1), $"header {header}, other {other}, mark {mark}");
                }
            }
        }
    }

    [Test]
    public void Nothing_older_than_the_mark_is_ever_mounted()
    {
        for (OtherHeader other = 0; other < OtherHeader.Count; other++)
        {
            Assert.That(
                RecoveryTable.Decide(hasHeader: true, other, MarkRelation.Newer),
                Is.EqualTo(RecoveryAction.RefuseMigrationBegun));
            Assert.That(
                RecoveryTable.Decide(hasHeader: true, other, MarkRelation.Same),
                Is.EqualTo(RecoveryAction.Mount),
                "with the mark on the newest, the previous one is no way out");
        }
    }
}
