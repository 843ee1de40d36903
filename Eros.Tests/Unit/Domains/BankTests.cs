// The bank in front of a range that a test plays: who may buy, who may give back, and books that agree with what
// exists.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed unsafe class BankTests
{
    private const ulong Frames = 2000;
    private const int Accounts = 4;
    private const ulong Limit = 40;
    private const int BookBytes = 1 << 20;
    private const ulong SystemFrames = 3;

    private HostedSystem _system = null!;
    private HostedProcess _bankProcess = null!;
    private HostedProcess _client = null!;
    private HostedRange _range = null!;
    private Books _books = null!;

    [SetUp]
    public void Start()
    {
        _system = new HostedSystem();
        _range = new HostedRange(Frames);
        _bankProcess = _system.AddProcess(_range);
        int[] nodes = [CapabilityRegisters.Space, CapabilityRegisters.GrowingRegion, CapabilityRegisters.GrowingLeaf];
        foreach (int register in nodes)
        {
            _bankProcess.Registers[register] = new HostedStored(ulong.MaxValue, register, RangeKind.SpaceNode);
        }

        _books = new Books(_bankProcess.MapMemory(SpaceLayout.Own, BookBytes));
        _books.Open(Frames, Accounts);
        _books.Header.FirstFresh = SystemFrames;
        _books.Header.Pages = (uint)Books.PagesFor(SystemFrames);
        _books.Account(Books.SystemAccount).Limit = ulong.MaxValue;
        for (int account = 1; account < Accounts; account++)
        {
            _books.Account(account).Limit = Limit;
        }

        _client = _system.AddProcess([.. Enumerable.Range(0, 6).Select(badge =>
            new HostedStart(_bankProcess, Message.Payload(0, (uint)badge)))]);
        _system.Start<BankDomain>(_bankProcess);
        _client.Enter(named: 10);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _bankProcess.Dispose();
        _client.Dispose();
    }

    [Test]
    public void What_is_bought_exists_and_what_is_given_back_does_not()
    {
        Assert.That(Bank(1).BuyPage(out IPage page), Is.EqualTo(Result.Ok));
        Assert.That(Bank(1).BuySpaceNode(17, out INode node), Is.EqualTo(Result.Ok));
        Assert.That(Bank(1).BuyProcess(out IProcess process), Is.EqualTo(Result.Ok));
        Assert.That(_range.Objects.Values.Select(thing => thing.Kind),
            Is.EquivalentTo(new[] { RangeKind.Page, RangeKind.SpaceNode, RangeKind.Process }));
        Assert.That(Bank(1).Identify(process, orBelow: false, out uint kind), Is.EqualTo(Result.Ok));
        Assert.That(kind, Is.EqualTo(RangeKind.Process));
        Assert.That(Bank(1).Free(page), Is.EqualTo(Result.Ok));
        Assert.That(Bank(1).Free(node), Is.EqualTo(Result.Ok));
        Assert.That(Bank(1).Free(process), Is.EqualTo(Result.Ok));
        Assert.That(_range.Objects, Is.Empty);
        Assert.That(page.Zero(), Is.EqualTo(Result.VoidCapability));
        Assert.That(Used(1), Is.Zero);
    }

    [Test]
    public void Another_account_cannot_give_it_back_nor_know_it()
    {
        Bank(1).BuyPage(out IPage page);
        Assert.That(Bank(2).Free(page), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(2).Identify(page, orBelow: false, out _), Is.EqualTo(Result.NoAccess));
        Assert.That(_range.Objects, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_reduced_capability_does_not_give_back()
    {
        Bank(1).BuyPage(out IPage page);
        page.Reduce((ulong)Rights.ReadOnly, out IPage reduced);
        Assert.That(Bank(1).Free(reduced), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(1).Free(page), Is.EqualTo(Result.Ok));
    }

    [Test]
    public void The_systems_own_frames_are_nobodys_to_give_back()
    {
        _client.Registers[CapabilityRegisters.FirstNamed + 7] = new HostedStored(1, 0, RangeKind.Page);
        Assert.That(Bank(1).Free(CapabilityClient.At(CapabilityRegisters.FirstNamed + 7)), Is.EqualTo(Result.NoAccess));
        Assert.That(Bank(0).Free(CapabilityClient.At(CapabilityRegisters.FirstNamed + 7)), Is.EqualTo(Result.NoAccess));
    }

    [Test]
    public void What_is_no_storage_is_a_bad_argument()
    {
        Assert.That(Bank(1).Free((ICapability)Bank(1)), Is.EqualTo(Result.BadArgument));
        Assert.That(Bank(1).Free(CapabilityClient.At(0)), Is.EqualTo(Result.BadArgument));
        Bank(1).BuyPage(out IPage page);
        Bank(1).Free(page);
        Assert.That(Bank(1).Free(page), Is.EqualTo(Result.BadArgument));
    }

    [Test]
    public void An_account_buys_up_to_its_limit_and_others_notice_nothing()
    {
        for (ulong i = 0; i < Limit; i++)
        {
            Assert.That(Bank(1).BuyPage(out IPage page), Is.EqualTo(Result.Ok));
            Capabilities.Release(page);
        }

        Assert.That(Bank(1).BuyPage(out IPage one), Is.EqualTo(Result.LimitReached));
        Capabilities.Release(one);
        Assert.That(Bank(2).BuyPage(out _), Is.EqualTo(Result.Ok));
        Assert.That(Bank(1).Account(out ulong used, out ulong limit, out ulong available), Is.EqualTo(Result.Ok));
        Assert.That((used, limit, available), Is.EqualTo((Limit, Limit, 0UL)));
    }

    [Test]
    public void A_frame_whose_versions_are_used_up_is_put_away_and_another_is_sold([Values] bool asNode)
    {
        for (int i = 0; i < 2; i++)
        {
            Bank(1).BuyPage(out IPage page);
            _range.Retired.Add(((HostedStored)_client.Registers[CapabilityClient.RegisterOf(page)]!).Frame);
            if (i == 1)
            {
                Bank(1).Free(page);
                Bank(1).Free(CapabilityClient.At(CapabilityClient.RegisterOf(page) - 1));
            }
        }

        Assert.That(asNode ? Bank(2).BuyNode(out _) : Bank(2).BuyPage(out _), Is.EqualTo(Result.Ok));
        Assert.That(Bank(2).BuyProcess(out _), Is.EqualTo(Result.Ok));
        Assert.That(Used(1), Is.Zero);
        Assert.That(Used(2), Is.EqualTo(2));
        Assert.That(Used(Books.SystemAccount), Is.EqualTo(2));
    }

    [Test]
    public void Account_0_and_accounts_that_do_not_exist_buy_nothing([Values(0, 4, 5)] int account) =>
        Assert.That(Bank(account).BuyPage(out _), Is.EqualTo(Result.NoAccess));

    [Test]
    public void Seven_nodes_share_a_frame_and_belong_to_one_account()
    {
        for (int i = 0; i < 7; i++)
        {
            Bank(1).BuyNode(out INode node);
            Capabilities.Release(node);
        }

        Assert.That(Used(1), Is.EqualTo(1));
        Bank(2).BuyForwarder(out _);
        Assert.That(_range.Objects.Keys.Select(key => key.Frame).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void A_level_that_no_space_has_is_a_bad_argument([Values(0u, 11u, 13u, 47u)] uint slotLog2) =>
        Assert.That(Bank(1).BuySpaceNode(slotLog2, out _), Is.EqualTo(Result.BadArgument));

    [Test]
    public void The_books_lengthen_as_the_volume_fills_and_the_end_of_the_volume_is_a_limit()
    {
        for (int account = 1; account < Accounts; account++)
        {
            _books.Account(account).Limit = Frames;
        }

        ulong bought = 0;
        Result result = Result.Ok;
        while (result == Result.Ok)
        {
            result = Bank(1 + (int)(bought % 3)).BuyPage(out IPage page);
            Capabilities.Release(page);
            bought += result == Result.Ok ? 1UL : 0;
        }

        Assert.That(result, Is.EqualTo(Result.LimitReached));
        ulong own = _books.Account(Books.SystemAccount).Used;
        Assert.That(own, Is.EqualTo((ulong)Books.PagesFor(Frames) - (ulong)Books.PagesFor(SystemFrames)));
        Assert.That(bought + own + SystemFrames, Is.EqualTo(Frames));
    }

    [Test]
    public void Random_sales_keep_books_and_range_agreed([Values(1, 2, 3, 4)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        List<(int Account, HostedStored Thing)> sold = [];
        for (int i = 0; i < 3000; i++)
        {
            int account = random.Next(1, Accounts);
            if (random.Next(5) < 2 && sold.Count > 0)
            {
                int pick = random.Next(sold.Count);
                _client.Registers[CapabilityRegisters.FirstNamed + 8] = sold[pick].Thing;
                Result freed = Bank(sold[pick].Account).Free(CapabilityClient.At(CapabilityRegisters.FirstNamed + 8));
                Assert.That(freed, Is.EqualTo(Result.Ok), $"seed {seed}, step {i}");
                sold.RemoveAt(pick);
            }
            else if (Buy(account, random.Next(3)) is { } thing)
            {
                sold.Add((account, thing));
            }
        }

        Assert.That(_range.Objects.Values, Is.EquivalentTo(sold.Select(sale => sale.Thing)));
        foreach (int account in Enumerable.Range(1, Accounts - 1))
        {
            ulong frames = (ulong)sold.Where(sale => sale.Account == account)
                .Select(sale => sale.Thing.Frame).Distinct().Count();
            Assert.That(Used(account), Is.EqualTo(frames), $"account {account}");
            Assert.That(frames, Is.LessThanOrEqualTo(Limit));
        }

        Assert.That(sold.GroupBy(sale => sale.Thing.Frame)
            .All(frame => frame.Select(sale => sale.Account).Distinct().Count() == 1));
    }

    private HostedStored? Buy(int account, int what)
    {
        ICapability thing;
        Result result;
        switch (what)
        {
            case 0:
                result = Bank(account).BuyPage(out IPage page);
                thing = page;
                break;
            case 1:
                result = Bank(account).BuyNode(out INode node);
                thing = node;
                break;
            default:
                result = Bank(account).BuyProcess(out IProcess process);
                thing = process;
                break;
        }

        Capabilities.Release(thing);
        return result == Result.Ok ? (HostedStored?)_client.Registers[CapabilityClient.RegisterOf(thing)] : null;
    }

    private ulong Used(int account) => _books.Account(account).Used;

    private static ISpaceBank Bank(int account) => SpaceBankClient.At(CapabilityRegisters.FirstNamed + account);
}
