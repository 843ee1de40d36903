using Eros.Kernel.Spaces;
using NUnit.Framework;

namespace Eros.Tests.Unit.Spaces;

public sealed class PageTableEntryTests
{
    // Intel SDM volume 3, table 4-20: present 0, writable 1, user 2, accessed 5, dirty 6, frame 12..51, no-execute 63.
    [TestCase(true, true, 0x0000_0000_0ABC_D067UL)]
    [TestCase(false, true, 0x0000_0000_0ABC_D065UL)]
    [TestCase(true, false, 0x8000_0000_0ABC_D067UL)]
    public void Entry_of_a_page_has_the_processors_bits(bool isWritable, bool isExecutable, ulong bits) =>
        Assert.That(PageTableEntry.OfPage(0xABCD, isWritable, isExecutable).Value, Is.EqualTo(bits));

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(PageTableEntry.TableLimit - 1)]
    public void Entry_of_a_table_keeps_its_number_in_bits_that_the_processor_ignores(int table)
    {
        PageTableEntry entry = PageTableEntry.OfTable(uint.MaxValue, table);
        Assert.That(entry.Table, Is.EqualTo(table));
        Assert.That(entry.Pfn, Is.EqualTo(uint.MaxValue));
        Assert.That(entry.Value & 0x800F_FFFF_FFFF_F1FF,
            Is.EqualTo(0x0000_0FFF_FFFF_F027), "present, writable, user, accessed, frame");
    }
}
