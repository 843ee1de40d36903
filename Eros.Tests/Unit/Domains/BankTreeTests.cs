// Banks below banks: who pays, who may do what, and what is left when one is destroyed.

using System.Collections.Generic;
using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class BankTreeTests : BankFixture
{
    private const ulong Plenty = 1000;

    [Test]
    public void What_is_bought_is_charged_all_the_way_up_and_the_tightest_limit_wins()
    {
        ISpaceBank child = As(Child(Bank(2), 10));
        ulong before = Used(2);
        Assert.That(before, Is.EqualTo(1), "a child costs a node");
        for (int i = 0; i < 10; i++)
        {
            Assert.That(Buy(child, RangeKind.Page), Is.Not.Null);
        }

        Assert.That(Buy(child, RangeKind.Page), Is.Null);
        Assert.That(Used(2), Is.EqualTo(before + 10));
        Assert.That(Used(BankTree.Prime), Is.EqualTo(before + 10));
        Assert.That(child.SetLimit(Plenty), Is.EqualTo(Result.Ok));
        Assert.That(child.Account(out ulong used, out ulong limit, out ulong available), Is.EqualTo(Result.Ok));
        Assert.That((used, limit, available), Is.EqualTo((10UL, Plenty, Limit - before - 10)));
        for (ulong i = 0; i < available; i++)
        {
            Assert.That(Buy(child, RangeKind.Page), Is.Not.Null);
        }

        Assert.That(Buy(child, RangeKind.Page), Is.Null);
        Assert.That(Buy(Bank(2), RangeKind.Page), Is.Null, "the child has used its parent's up");
        Assert.That(Buy(Bank(3), RangeKind.Page), Is.Not.Null);
    }

    [Test]
    public void A_limit_below_what_is_in_use_takes_nothing_away()
    {
        HostedStored page = Buy(Bank(2), RangeKind.Page)!;
        Buy(Bank(2), RangeKind.Page);
        Bank(2).SetLimit(1);
        Bank(2).Account(out ulong used, out ulong limit, out ulong available);
        Assert.That((used, limit, available), Is.EqualTo((2UL, 1UL, 0UL)));
        Assert.That(Buy(Bank(2), RangeKind.Page), Is.Null);
        Bank(2).Free(Hold(page));
        Assert.That(Buy(Bank(2), RangeKind.Page), Is.Null);
    }

    [Test]
    public void Objects_are_known_to_the_bank_that_sold_them_and_if_asked_to_those_above()
    {
        HostedCapability? bank = Child(Bank(2), 10);
        HostedStored page = Buy(As(bank), RangeKind.Page)!;
        Assert.That(As(bank).Identify(Hold(page, 1), orBelow: false, out uint kind), Is.EqualTo(Result.Ok));
        Assert.That(kind, Is.EqualTo(RangeKind.Page));
        Assert.That(Bank(2).Identify(Hold(page, 1), orBelow: false, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Identify(Hold(page, 1), orBelow: true, out _), Is.EqualTo(Result.Ok));
        Assert.That(Bank(BankTree.Prime).Identify(Hold(page, 1), orBelow: true, out _), Is.EqualTo(Result.Ok));
        Assert.That(Bank(3).Identify(Hold(page, 1), orBelow: true, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Free(Hold(page, 1)), Is.EqualTo(Result.NoAccess));
    }

    [Test]
    public void Banks_are_no_deeper_than_their_limit()
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        for (int depth = 3; depth < BankTree.MaxDepth; depth++)
        {
            bank = Child(As(bank), Plenty);
            Assert.That(bank, Is.Not.Null, $"depth {depth}");
        }

        Assert.That(Child(As(bank), Plenty), Is.Null);
        Assert.That(Buy(As(bank), RangeKind.Page), Is.Not.Null);
    }

    [Test]
    public void Rights_are_taken_away_for_good()
    {
        HostedCapability? bank = Child(Bank(2), 10);
        HostedCapability? noDestroy = Precluded(bank, BankRights.NoDestroy);
        HostedCapability? neither = Precluded(noDestroy, BankRights.NoLimit);
        Assert.That(As(noDestroy).DestroyStep(handUp: true, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(As(noDestroy).SetLimit(5), Is.EqualTo(Result.Ok));
        Assert.That(As(neither).DestroyStep(handUp: false, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(As(neither).SetLimit(6), Is.EqualTo(Result.NoAccess));
        Assert.That(Precluded(neither, BankRights.None), Is.EqualTo(neither));
        Assert.That(Precluded(bank, BankRights.NoDestroy), Is.EqualTo(noDestroy), "made once");
        Assert.That(As(bank).Preclude((BankRights)4, out _), Is.EqualTo(Result.BadArgument));
        Assert.That(Buy(As(neither), RangeKind.Page), Is.Not.Null);
        As(bank).Account(out _, out ulong limit, out _);
        Assert.That(limit, Is.EqualTo(5));
    }

    [Test]
    public void Only_forwarders_of_this_server_are_banks()
    {
        HostedCapability? bank = Child(Bank(2), 10);
        Assert.That(IsBank(bank));
        Assert.That(IsBank(Precluded(bank, BankRights.NoLimit)));
        HostedStored node = Buy(Bank(2), RangeKind.ForwarderNode)!;
        node.Slots[0] = bank;
        Assert.That(IsBank(new HostedForwarder(node)), Is.False, "who holds its node could close it");
        Assert.That(IsBank(node), Is.False);
        Assert.That(IsBank(Client.Registers[CapabilityRegisters.FirstNamed]), Is.False);
        Assert.That(IsBank(null), Is.False);
        As(bank).Destroy();
        Assert.That(IsBank(bank), Is.False);
    }

    [Test]
    public void What_a_bank_is_made_of_cannot_be_given_back()
    {
        HostedForwarder bank = (HostedForwarder)Child(Bank(2), 10)!;
        Assert.That(Bank(2).Free(Hold(bank, 1)), Is.EqualTo(Result.BadArgument));
        Assert.That(Bank(2).Sever(Hold(bank, 1), out _), Is.EqualTo(Result.BadArgument));
        Assert.That(Bank(2).Identify(Hold(bank, 1), orBelow: true, out _), Is.EqualTo(Result.BadArgument));

        // Nobody has this, but if somebody had:
        Assert.That(Bank(2).Free(Hold(bank.Node, 1)), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Sever(Hold(bank.Node, 1), out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Buy(As(bank), RangeKind.Page), Is.Not.Null);
    }

    [Test]
    public void A_severed_object_keeps_its_contents_and_all_other_capabilities_are_void()
    {
        HostedStored page = Buy(Bank(2), RangeKind.Page)!;
        page.Bytes[7] = 7;
        Assert.That(Bank(3).Sever(Hold(page), out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Sever(Hold(page with { Rights = Rights.ReadOnly }), out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Sever(Hold(page), out ICapability fresh), Is.EqualTo(Result.Ok));
        Assert.That(page.IsVoid);
        Assert.That(((HostedStored)Held(fresh)!).Bytes[7], Is.EqualTo(7));
        Assert.That(Bank(2).Free(fresh), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).Sever(fresh, out _), Is.EqualTo(Result.BadArgument));
        HostedStored process = Buy(Bank(2), RangeKind.Process)!;
        Assert.That(Bank(2).Sever(Hold(process), out _), Is.EqualTo(Result.BadArgument));
    }

    [Test]
    public void A_bank_is_destroyed_with_all_that_was_bought_from_it_and_below_it()
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        HostedCapability? below = Child(As(bank), Plenty);
        HostedCapability? reduced = Precluded(below, BankRights.NoDestroy);
        HostedStored kept = Buy(Bank(2), RangeKind.PlainNode)!;
        List<HostedStored> things = [.. BuySome(bank, 10), .. BuySome(below, 10)];
        Assert.That(As(bank).Destroy(), Is.EqualTo(Result.Ok));

        Assert.That(things.Select(thing => thing.IsVoid), Is.All.True);
        Assert.That(kept.IsVoid, Is.False);
        foreach (HostedCapability? gone in new[] { bank, below, reduced })
        {
            Assert.That(As(gone).BuyPage(out IPage page), Is.EqualTo(Result.VoidCapability));
            Capabilities.Release(page);
        }

        Assert.That(Used(2), Is.EqualTo(1));
        Assert.That(Used(BankTree.Prime), Is.EqualTo(1));
        CheckThatBooksAndRangeAgree();
        Assert.That(Child(Bank(2), Plenty), Is.Not.Null);
    }

    [Test]
    public void A_bank_that_hands_up_leaves_its_parent_what_was_bought()
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        HostedCapability? below = Child(As(bank), Plenty);
        List<HostedStored> things = BuySome(bank, 20);
        HostedStored lower = Buy(As(below), RangeKind.Page)!;
        ulong used = Used(2);
        Assert.That(As(bank).HandUp(), Is.EqualTo(Result.Ok));

        Assert.That(As(bank).BuyPage(out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(things.Select(thing => thing.IsVoid), Is.All.False);
        Assert.That(Used(2), Is.EqualTo(used - 1), "but for its forwarder");
        Assert.That(Buy(As(below), RangeKind.Page), Is.Not.Null, "banks below it live on");
        foreach (HostedStored thing in things)
        {
            Assert.That(Bank(2).Free(Hold(thing)), Is.EqualTo(Result.Ok));
        }

        Assert.That(Bank(2).Free(Hold(lower)), Is.EqualTo(Result.NoAccess));
        Assert.That(As(below).Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(Used(2), Is.Zero);
        CheckThatBooksAndRangeAgree();
    }

    [Test]
    public void From_the_first_step_on_a_dying_bank_is_void_to_all_but_who_destroys_it()
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        HostedCapability? below = Child(As(bank), Plenty);
        HostedCapability? reduced = Precluded(bank, BankRights.NoDestroy);
        Bank(2).SetLimit(Plenty);
        HostedStored page = BuySome(bank, 50).First(thing => thing.Kind == RangeKind.Page);
        BuySome(below, 200);
        Assert.That(As(bank).DestroyStep(handUp: false, out bool isOver), Is.EqualTo(Result.Ok));
        Assert.That(isOver, Is.False, "a step has a bound");
        ulong left = Used(2);
        Assert.That(left, Is.GreaterThan(1));

        foreach (HostedCapability? dead in new[] { bank, below, reduced })
        {
            Assert.That(Capabilities.TypeOf(As(dead)), Is.EqualTo(CapabilityType.Void));
            Assert.That(As(dead).Account(out _, out _, out _), Is.EqualTo(Result.VoidCapability));
            Assert.That(As(dead).Free(Hold(page, 1)), Is.EqualTo(Result.VoidCapability));
            Assert.That(As(dead).BuySpaceNode(0, out _), Is.EqualTo(Result.VoidCapability));
        }

        Assert.That(As(below).DestroyStep(handUp: false, out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(As(reduced).DestroyStep(handUp: false, out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(Used(2), Is.EqualTo(left));
        Assert.That(As(bank).Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(Used(2), Is.Zero);
    }

    [Test]
    public void What_somebody_stopped_destroying_goes_as_others_buy([Values] bool handUp)
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        Bank(2).SetLimit(Plenty);
        BuySome(bank, 200);
        As(bank).DestroyStep(handUp, out _);
        for (int i = 0; i < 200; i++)
        {
            Bank(3).Free(Hold(Buy(Bank(3), RangeKind.Page)));
        }

        Assert.That(Books.Tree.FirstEnding, Is.EqualTo(Books.None));
        Assert.That(As(bank).DestroyStep(handUp, out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(As(bank).Destroy(), Is.EqualTo(Result.VoidCapability), "it never began");
        CheckThatBooksAndRangeAgree();
    }

    [Test]
    public void A_bank_above_finishes_what_was_begun_below_it([Values] bool handUp)
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        Bank(2).SetLimit(Plenty);
        HostedCapability? below = Child(As(bank), Plenty);
        Child(As(below), 1);
        List<HostedStored> things = BuySome(below, 200);
        As(below).DestroyStep(handUp, out _);
        Assert.That(As(bank).Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(things.Select(thing => thing.IsVoid), Is.All.True);
        Assert.That(Used(2), Is.Zero);
        Assert.That(Books.Tree.FirstEnding, Is.EqualTo(Books.None));
        CheckThatBooksAndRangeAgree();
    }

    [Test]
    public void A_bank_that_hands_up_can_be_destroyed_instead()
    {
        HostedCapability? bank = Child(Bank(2), Plenty);
        Bank(2).SetLimit(Plenty);
        List<HostedStored> things = BuySome(bank, 200);
        As(bank).DestroyStep(handUp: true, out _);
        CheckThatBooksAndRangeAgree();
        Assert.That(As(bank).Destroy(), Is.EqualTo(Result.Ok));
        int handedUp = things.Count(thing => !thing.IsVoid);
        Assert.That(handedUp, Is.InRange(1, things.Count - 1));
        CheckThatBooksAndRangeAgree();
    }

    [Test]
    public void What_the_disk_has_lost_does_not_keep_a_bank_from_ending()
    {
        HostedForwarder bank = (HostedForwarder)Child(Bank(2), Plenty)!;
        List<HostedStored> things = BuySome(bank, 8);
        Range.Lost.UnionWith([things[0].Frame, things[1].Frame]);
        uint number = BankBadge.Number(bank.Node.Word >> 8);
        Assert.That(As(bank).Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(Used(2), Is.Zero);
        Assert.That(As(bank).BuyPage(out _), Is.EqualTo(Result.VoidCapability));

        HostedForwarder again = (HostedForwarder)Child(Bank(2), Plenty)!;
        Assert.That(BankBadge.Number(again.Node.Word >> 8), Is.EqualTo(number), "nothing leads to it");
        Range.Lost.Add(again.Node.Frame);
        Assert.That(As(again).Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(As(again).BuyPage(out _), Is.EqualTo(Result.VoidCapability));
        HostedForwarder other = (HostedForwarder)Child(Bank(2), Plenty)!;
        Assert.That(BankBadge.Number(other.Node.Word >> 8), Is.Not.EqualTo(number), "its forwarder may come back");
        Assert.That(As(again).BuyPage(out _), Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void The_prime_bank_cannot_be_destroyed([Values] bool handUp) =>
        Assert.That(Bank(BankTree.Prime).DestroyStep(handUp, out _), Is.EqualTo(Result.NoAccess));

    [Test]
    public void A_child_that_cannot_be_paid_for_leaves_nothing()
    {
        Bank(2).SetLimit(0);
        uint banks = Books.Memory.Header.Banks;
        Assert.That(Child(Bank(2), 1), Is.Null);
        Assert.That(Child(Bank(2), 1), Is.Null);
        Assert.That(Books.Memory.Header.Banks, Is.EqualTo(banks + 1), "its number is used again");
        Assert.That(Range.Objects.Keys.All(key => key.Frame >= SystemFrames));
        CheckThatBooksAndRangeAgree();
    }

    [Test]
    public void There_are_as_many_banks_as_are_paid_for()
    {
        Bank(2).SetLimit(Plenty);
        List<HostedCapability?> banks = [.. Enumerable.Range(0, 500).Select(_ => Child(Bank(2), 1))];
        Assert.That(banks, Has.None.Null);
        Assert.That(banks.Cast<HostedForwarder>().Select(bank => bank.Node.Word).Distinct().Count(), Is.EqualTo(500));
        Assert.That(Buy(As(banks[321]), RangeKind.Page), Is.Not.Null);
        Assert.That(Buy(As(banks[321]), RangeKind.Page), Is.Null);
        Assert.That(Bank(2).Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(Used(BankTree.Prime), Is.Zero);
    }

    private List<HostedStored> BuySome(HostedCapability? bank, int count)
    {
        List<HostedStored> things = [];
        for (int i = 0; i < count; i++)
        {
            HostedStored? thing = Buy(As(bank), RangeKind.Page + (uint)i % RangeKind.Process);
            Assert.That(thing, Is.Not.Null);
            things.Add(thing!);
        }

        return things;
    }

    private HostedCapability? Precluded(HostedCapability? bank, BankRights take)
    {
        Assert.That(As(bank).Preclude(take, out ISpaceBank reduced), Is.EqualTo(Result.Ok));
        Capabilities.Release(reduced);
        return Held(reduced);
    }

    private bool IsBank(HostedCapability? thing)
    {
        Assert.That(Bank(3).Verify(Hold(thing, 1), out bool isBank), Is.EqualTo(Result.Ok));
        return isBank;
    }
}
