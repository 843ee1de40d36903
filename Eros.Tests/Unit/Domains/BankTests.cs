// Who may buy of one bank and who may give back, and books that agree with what exists. Banks 2, 3, 4 are those of
// domains.

using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed class BankTests : BankFixture
{
    [Test]
    public void What_is_bought_exists_and_what_is_given_back_does_not()
    {
        Assert.That(Bank(2).BuyPage(out IPage page), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).BuySpaceNode(17, out INode node), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).BuyProcess(out IProcess process), Is.EqualTo(Result.Ok));
        Assert.That(Range.Objects.Values.Select(thing => thing.Kind),
            Is.EquivalentTo(new[] { RangeKind.Page, RangeKind.SpaceNode, RangeKind.Process }));
        Assert.That(Bank(2).Identify(process, orBelow: false, out uint kind), Is.EqualTo(Result.Ok));
        Assert.That(kind, Is.EqualTo(RangeKind.Process));
        Assert.That(Bank(2).Free(page), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).Free(node), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).Free(process), Is.EqualTo(Result.Ok));
        Assert.That(Range.Objects, Is.Empty);
        Assert.That(page.Zero(), Is.EqualTo(Result.VoidCapability));
        Assert.That(Used(2), Is.Zero);
    }

    [Test]
    public void Another_bank_cannot_give_it_back_nor_know_it()
    {
        Bank(2).BuyPage(out IPage page);
        Assert.That(Bank(3).Free(page), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(3).Identify(page, orBelow: false, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Range.Objects, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_reduced_capability_does_not_give_back()
    {
        Bank(2).BuyPage(out IPage page);
        page.Reduce((ulong)Rights.ReadOnly, out IPage reduced);
        Assert.That(Bank(2).Free(reduced), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Free(page), Is.EqualTo(Result.Ok));
    }

    [Test]
    public void The_systems_own_frames_are_nobodys_to_give_back()
    {
        ICapability own = Hold(new HostedStored(1, 0, RangeKind.Page));
        Assert.That(Bank(2).Free(own), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(BankTree.Prime).Free(own), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(BankTree.Prime).Identify(own, orBelow: true, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(BankTree.Own).Free(own), Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void What_is_no_storage_is_a_bad_argument()
    {
        Assert.That(Bank(2).Free((ICapability)Bank(2)), Is.EqualTo(Result.BadArgument));
        Assert.That(Bank(2).Free(CapabilityClient.At(0)), Is.EqualTo(Result.BadArgument));
        Bank(2).BuyPage(out IPage page);
        Bank(2).Free(page);
        Assert.That(Bank(2).Free(page), Is.EqualTo(Result.BadArgument));
    }

    [Test]
    public void A_bank_sells_up_to_its_limit_and_others_notice_nothing()
    {
        for (ulong i = 0; i < Limit; i++)
        {
            Assert.That(Bank(2).BuyPage(out IPage page), Is.EqualTo(Result.Ok));
            Capabilities.Release(page);
        }

        Assert.That(Bank(2).BuyPage(out IPage one), Is.EqualTo(Result.LimitReached));
        Capabilities.Release(one);
        Assert.That(Bank(3).BuyPage(out _), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).Account(out ulong used, out ulong limit, out ulong available), Is.EqualTo(Result.Ok));
        Assert.That((used, limit, available), Is.EqualTo((Limit, Limit, 0UL)));
    }

    [Test]
    public void A_bank_that_refuses_hands_over_nothing_that_it_has_sold_to_others()
    {
        Assert.That(Bank(3).BuyPage(out IPage others), Is.EqualTo(Result.Ok));
        Assert.That(Held(others), Is.Not.Null);
        Assert.That(Bank(2).SetLimit(0), Is.EqualTo(Result.Ok));
        for (uint bank = 2; bank <= Banks + 1; bank++)
        {
            // A bank that can buy nothing, ones that can, and one that there is not.
            Refuse(Bank(bank).BuyPage(out IPage page), page);
            Refuse(Bank(bank).BuyNode(out INode node), node);
            Refuse(Bank(bank).BuySpaceNode(12, out INode level), level);
            Refuse(Bank(bank).BuySpaceNode(13, out INode wrong), wrong);
            Refuse(Bank(bank).BuyForwarder(out INode forwarder), forwarder);
            Refuse(Bank(bank).BuyProcess(out IProcess process), process);
            Refuse(Bank(bank).CreateChild(1, out ISpaceBank child), child);
            Refuse(Bank(bank).Preclude(BankRights.NoLimit, out ISpaceBank reduced), reduced);
            Refuse(Bank(bank).Preclude((BankRights)0x80, out ISpaceBank unknown), unknown);
            Refuse(Bank(bank).Sever(Hold(null), out ICapability fresh), fresh);
        }

        void Refuse(Result result, ICapability brought)
        {
            if (result != Result.Ok)
            {
                Assert.That(Held(brought), Is.Null);
            }

            Capabilities.Release(brought);
        }
    }

    [Test]
    public void A_frame_whose_versions_are_used_up_is_put_away_and_another_is_sold([Values] bool asNode)
    {
        uint kind = asNode ? RangeKind.PlainNode : RangeKind.Page;
        HostedStored first = Buy(Bank(2), kind)!;
        Assert.That(Bank(2).Free(Hold(first)), Is.EqualTo(Result.Ok));
        Range.Retired.UnionWith([first.Frame, first.Frame + 1]);

        Assert.That(Buy(Bank(2), kind)!.Frame, Is.EqualTo(first.Frame + 2));
        Assert.That(Used(2), Is.EqualTo(1));
        Assert.That(Used(BankTree.Own), Is.EqualTo(SystemFrames + 2));
    }

    [Test]
    public void A_frame_that_the_disk_has_lost_is_put_away()
    {
        HostedStored first = Buy(Bank(2), RangeKind.Page)!;
        Assert.That(Bank(2).Free(Hold(first)), Is.EqualTo(Result.Ok));
        Range.Lost.Add(first.Frame);
        Assert.That(Buy(Bank(2), RangeKind.Page)!.Frame, Is.EqualTo(first.Frame + 1));
        Assert.That(Buy(Bank(2), RangeKind.Process)!.Frame, Is.EqualTo(first.Frame + 2));
    }

    [Test]
    public void A_node_that_is_used_up_does_not_keep_its_pot_from_selling_others()
    {
        HostedStored first = Buy(Bank(2), RangeKind.PlainNode)!;
        HostedStored second = Buy(Bank(2), RangeKind.PlainNode)!;
        Bank(2).Free(Hold(first));
        Range.RetiredNodes.Add((first.Frame, first.Index));
        HostedStored third = Buy(Bank(2), RangeKind.PlainNode)!;
        Assert.That((third.Frame, third.Index), Is.EqualTo((second.Frame, second.Index + 1)));
        Assert.That(Used(2), Is.EqualTo(1));
    }

    [Test]
    public void Numbers_that_are_no_banks_for_anybody_are_void([Values(BankTree.Own, Banks)] uint bank)
    {
        Assert.That(Bank(bank).BuyPage(out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(Bank(bank).DestroyStep(handUp: false, out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(Capabilities.TypeOf(Bank(bank)), Is.EqualTo(CapabilityType.Void));
    }

    [Test]
    public void Seven_nodes_share_a_frame_and_belong_to_one_bank()
    {
        for (int i = 0; i < 7; i++)
        {
            Bank(2).BuyNode(out INode node);
            Capabilities.Release(node);
        }

        Assert.That(Used(2), Is.EqualTo(1));
        Bank(3).BuyForwarder(out _);
        Assert.That(Range.Objects.Keys.Select(key => key.Frame).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void A_level_that_no_space_has_is_a_bad_argument([Values(0u, 11u, 13u, 47u)] uint slotLog2) =>
        Assert.That(Bank(2).BuySpaceNode(slotLog2, out _), Is.EqualTo(Result.BadArgument));

    [Test]
    public void The_books_lengthen_as_the_volume_fills_and_the_end_of_the_volume_is_a_limit()
    {
        for (uint bank = BankTree.Prime; bank < Banks; bank++)
        {
            Bank(bank).SetLimit(Frames);
        }

        ulong bought = 0;
        Result result = Result.Ok;
        while (result == Result.Ok)
        {
            result = Bank(2 + (uint)(bought % 3)).BuyPage(out IPage page);
            Capabilities.Release(page);
            bought += result == Result.Ok ? 1UL : 0;
        }

        Assert.That(result, Is.EqualTo(Result.LimitReached));
        Assert.That(bought, Is.GreaterThan(Frames - 100));
        Assert.That(bought + Used(BankTree.Own), Is.EqualTo(Frames), "every frame is somebody's");
        CheckThatBooksAndRangeAgree();
    }
}
