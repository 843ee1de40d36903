using System;
using System.Linq;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>PageOrder.</summary>
public sealed class PageCapabilityTests : KernelTestBase
{
    private Capability _page;

    [SetUp]
    public void MakePage() => _page = Machine.NewPage();

    [Test]
    public void Write_then_read_gives_the_bytes_back()
    {
        byte[] bytes = Enumerable.Range(1, 100).Select(i => (byte)i).ToArray();
        Domain.Write(SimulatedDomain.Window, bytes);
        Domain.SetString(SimulatedDomain.Window, 100);
        Expect(Result.Ok, _page, PageOrder.Write, 3996);
        Domain.SetString(0, 0, SimulatedDomain.Window + 4090, room: 200);
        Expect(Result.Ok, _page, PageOrder.Read, 3990, 106);
        Assert.That(Domain.Sent, Is.EqualTo(106));
        Assert.That(Domain.Stored, Is.EqualTo(106));
        Assert.That(Domain.Read(SimulatedDomain.Window + 4096, 100), Is.EqualTo(bytes));
    }

    [Test]
    public void What_does_not_fit_the_page_is_a_bad_argument_and_changes_nothing()
    {
        Domain.Write(SimulatedDomain.Window, [1, 2, 3, 4, 5]);
        Domain.SetString(SimulatedDomain.Window, 5);
        Expect(Result.BadArgument, _page, PageOrder.Write, 4092);
        Domain.SetString(SimulatedDomain.Window, 5);
        Expect(Result.BadArgument, _page, PageOrder.Write, ulong.MaxValue);
        Expect(Result.BadArgument, _page, PageOrder.Read, 4096, 1);
        Expect(Result.BadArgument, _page, PageOrder.Read, 1, ulong.MaxValue);
        Assert.That(PageBytes().IndexOfAnyExcept((byte)0) < 0);
    }

    [Test]
    public void A_read_tells_how_much_there_was_and_how_much_was_stored()
    {
        Domain.SetString(0, 0, room: 10);
        Expect(Result.Ok, _page, PageOrder.Read, 0, 4096);
        Assert.That(Domain.Sent, Is.EqualTo(4096));
        Assert.That(Domain.Stored, Is.EqualTo(10));
        Assert.That(Domain.IsTruncated);
    }

    [Test]
    public void Zero_and_copy_change_the_page()
    {
        PageBytes().Fill(7);
        Capability other = Machine.NewPage();
        Expect(Result.Ok, other, PageOrder.CopyFrom, argument: _page);
        Expect(Result.Ok, _page, PageOrder.Zero);
        Assert.That(PageBytes().IndexOfAnyExcept((byte)0) < 0);
        _page = other;
        Assert.That(PageBytes().IndexOfAnyExcept((byte)7) < 0);
    }

    [Test]
    public void Copy_takes_pages_only([Values] bool isStale)
    {
        Capability source = isStale ? new Capability(CapabilityType.Page, _page.Oid, 99) : Machine.NewNode();
        Expect(Result.BadArgument, _page, PageOrder.CopyFrom, argument: source);
    }

    [Test]
    public void A_read_only_or_weak_page_cannot_be_changed(
        [Values(PageOrder.Zero, PageOrder.Write, PageOrder.CopyFrom)] uint order,
        [Values(Rights.ReadOnly, Rights.Weak)] Rights right)
    {
        Expect(Result.Ok, _page, PageOrder.Reduce, (ulong)right);
        Assert.That(Answer.Rights, Is.EqualTo(right));
        Expect(Result.NoAccess, Answer, order, argument: Machine.NewPage());
    }

    [Test]
    public void Rights_accumulate_and_unknown_ones_are_refused()
    {
        Capability reduced = _page.Less(Rights.ReadOnly);
        Expect(Result.Ok, reduced, PageOrder.Reduce, (ulong)Rights.NoExecute);
        Assert.That(Answer.Rights, Is.EqualTo(Rights.ReadOnly | Rights.NoExecute));
        Expect(Result.BadArgument, _page, PageOrder.Reduce, 32);
    }

    [Test]
    public void A_guard_must_be_of_a_pages_size()
    {
        Expect(Result.Ok, _page, PageOrder.WithGuard, new Guard(12, 5).Value);
        Assert.That(new Guard(Answer.Data).Match, Is.EqualTo(5));
        Expect(Result.BadArgument, _page, PageOrder.WithGuard, new Guard(17, 5).Value);
        Expect(Result.BadArgument, _page, PageOrder.WithGuard, (1UL << 32) | 12);
    }

    [Test]
    public void A_stale_page_is_void_and_unknown_orders_are_unknown()
    {
        Expect(Result.VoidCapability, new Capability(CapabilityType.Page, _page.Oid, 2), PageOrder.Zero);
        Expect(Result.UnknownOrder, _page, 99);
        Assert.That(TypeOf(_page), Is.EqualTo(CapabilityType.Page));
    }

    [Test]
    public void A_write_from_the_page_itself_counts_as_copied_out_first()
    {
        Capability first = Machine.NodeOf(Domain.SpaceNode).Slots[0];
        byte[] bytes = Enumerable.Range(0, 200).Select(i => (byte)i).ToArray();
        Domain.Write(SimulatedDomain.Window + 4000, bytes);
        Domain.SetString(SimulatedDomain.Window + 4000, 200);
        Expect(Result.BadArgument, first, PageOrder.Write, 3990);
        Domain.SetString(SimulatedDomain.Window + 4000, 90);
        Expect(Result.Ok, first, PageOrder.Write, 4005);
        Assert.That(Domain.Read(SimulatedDomain.Window + 4005, 90), Is.EqualTo(bytes.Take(90)));
    }

    private Span<byte> PageBytes()
    {
        Machine.Kernel.Objects.Find(_page, out int entry);
        return Machine.Frames.Bytes(entry);
    }
}
