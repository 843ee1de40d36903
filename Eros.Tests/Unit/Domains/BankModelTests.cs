// The bank against a model of it (BankModel.cs): random requests of all kinds, to many banks, with whatever comes back
// compared; and a million objects, with what each request costs.

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

internal sealed class BankModelTests
{
    private const uint NoRange = 0;

    // What has to happen in every run, so that the comparison means something.
    private static readonly (uint Order, Result Result)[] _expected =
    [
        (SpaceBankOrder.BuyPage, Result.Ok), (SpaceBankOrder.BuyPage, Result.LimitReached),
        (SpaceBankOrder.BuyNode, Result.Ok), (SpaceBankOrder.BuyNode, Result.LimitReached),
        (SpaceBankOrder.BuyProcess, Result.Ok), (SpaceBankOrder.BuyProcess, Result.LimitReached),
        (SpaceBankOrder.Free, Result.Ok), (SpaceBankOrder.Free, Result.NoAccess),
        (SpaceBankOrder.Free, Result.BadArgument), (SpaceBankOrder.Identify, Result.Ok),
        (SpaceBankOrder.Identify, Result.NoAccess), (SpaceBankOrder.Sever, Result.Ok),
        (SpaceBankOrder.Sever, Result.BadArgument), (SpaceBankOrder.CreateChild, Result.Ok),
        (SpaceBankOrder.CreateChild, Result.LimitReached), (SpaceBankOrder.SetLimit, Result.NoAccess),
        (SpaceBankOrder.Preclude, Result.Ok), (SpaceBankOrder.Preclude, Result.LimitReached),
        (SpaceBankOrder.DestroyStep, Result.Ok), (SpaceBankOrder.DestroyStep, Result.NoAccess),
    ];

    private BankMachine _machine = null!;
    private BankModel _model = null!;
    private Random _random = null!;

    [TearDown]
    public void Free() => _machine.Dispose();

    [Test]
    public void Random_requests_get_what_the_model_says([Values(1, 2, 3, 4, 5, 6)] int seed)
    {
        // Few frames and small limits: everything is short at times.
        const int Steps = 30_000;
        Begin(seed, frames: 3000);
        _machine.Run(Requests(Steps));
        CheckAll();
        IEnumerable<string> outcomes = _machine.Outcomes.OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Key} {pair.Value}");
        TestContext.Out.WriteLine(string.Join(", ", outcomes));
        foreach ((uint order, Result result) in _expected)
        {
            int times = _machine.Outcomes.GetValueOrDefault((order, result));
            Assert.That(times, Is.GreaterThan(0), $"order {order} got {result}");
        }
    }

    [Test]
    public void A_million_objects_cost_no_more_each_than_a_few([Values(7)] int seed)
    {
        const int Sales = 1_200_000;
        const int Banks = 2000;
        Begin(seed, frames: 1_200_000);
        List<ulong> costs = [];
        _machine.Run(SellAndFree(Sales, Banks, costs));
        CheckAll();

        ulong[] atFirst = [.. costs.Take(20_000)];
        ulong[] atLast = [.. costs.TakeLast(20_000)];
        double mean = costs.Average(cost => (double)cost);
        TestContext.Out.WriteLine(
            $"{costs.Count} requests; entries and records touched by one: at first {Mean(atFirst):F1}, "
            + $"with {_model.Things.Count} objects {Mean(atLast):F1}, mean {mean:F1}, at most {costs.Max()}");
        Assert.That(_model.Things, Has.Count.GreaterThan(500_000));
        Assert.That(Mean(atLast), Is.LessThan(1.25 * Mean(atFirst)));
        Assert.That(costs.Max(), Is.LessThan(200));
    }

    [Test]
    public void What_a_bank_buys_lies_together_though_others_buy_between([Values(10, 100)] int banks)
    {
        const int Each = 200;
        Begin(1, frames: 200_000);
        Dictionary<ModelBank, List<uint>> pages = [];
        _machine.Run(BuyInTurns(banks, Each, pages));
        List<long> distances = [.. pages.Values.SelectMany(frames => frames.Zip(frames.Skip(1),
            (before, after) => Math.Abs((long)after - before)))];
        double neighbours = distances.Count(distance => distance == 1) / (double)distances.Count;
        TestContext.Out.WriteLine(
            $"{banks} banks in turns: {neighbours:P1} of {distances.Count} pages lie behind the one before");
        Assert.That(neighbours, Is.GreaterThan(0.97), "63 of 64, but for the ends");
    }

    private static double Mean(ulong[] costs) => costs.Average(cost => (double)cost);

    private void Begin(int seed, ulong frames)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        _random = new Random(seed);
        _machine = new BankMachine(frames);
        _model = new BankModel(frames);
    }

    private IEnumerable<BankRequest> BuyInTurns(int banks, int each, Dictionary<ModelBank, List<uint>> pages)
    {
        for (int i = 0; i < banks; i++)
        {
            yield return Create(_model.Prime, ulong.MaxValue);
            pages.Add(_model.Created(_model.Prime, ulong.MaxValue, _machine.Answer), []);
        }

        for (int i = 0; i < each; i++)
        {
            foreach ((ModelBank bank, List<uint> frames) in pages)
            {
                yield return new BankRequest(bank.Capabilities[0], SpaceBankOrder.BuyPage);
                frames.Add(_machine.Answer.Frame);
            }
        }
    }

    // Grows to the number, with frees between; every request's cost is taken.
    private IEnumerable<BankRequest> SellAndFree(int sales, int banks, List<ulong> costs)
    {
        for (int i = 0; i < banks; i++)
        {
            ModelBank parent = _model.Banks[_random.Next(_model.Banks.Count)];
            if (parent.Depth < 4)
            {
                yield return Create(parent, ulong.MaxValue);
                _model.Created(parent, ulong.MaxValue, _machine.Answer);
            }
        }

        for (int sold = 0; sold < sales;)
        {
            ulong before = _machine.Books.Memory.Header.Touched;
            if (_random.Next(8) == 0 && _model.Things.Count > 0)
            {
                foreach (BankRequest request in FreeOne())
                {
                    yield return request;
                }
            }
            else
            {
                sold++;
                foreach (BankRequest request in Buy(PickBank()))
                {
                    yield return request;
                }
            }

            costs.Add(_machine.Books.Memory.Header.Touched - before);
        }
    }

    private IEnumerable<BankRequest> Requests(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            ModelBank bank = PickBank();
            IEnumerable<BankRequest> requests = _random.Next(100) switch
            {
                < 45 => Buy(bank),
                < 68 => FreeOne(),
                < 72 => FreeOfAnother(bank),
                < 77 => Identify(bank),
                < 82 => Sever(),
                < 87 => CreateChild(bank),
                < 90 => SetLimit(bank),
                < 94 => Preclude(bank),
                < 97 => Verify(bank),
                < 99 => Account(bank),
                _ => End(bank),
            };
            foreach (BankRequest request in requests)
            {
                yield return request;
            }
        }
    }

    private IEnumerable<BankRequest> Buy(ModelBank bank)
    {
        uint kind = RangeKind.Page + (uint)_random.Next(5);
        (uint order, ulong word) = kind switch
        {
            RangeKind.Page => (SpaceBankOrder.BuyPage, 0UL),
            RangeKind.PlainNode => (SpaceBankOrder.BuyNode, 0UL),
            RangeKind.SpaceNode => (SpaceBankOrder.BuySpaceNode, 17UL),
            RangeKind.ForwarderNode => (SpaceBankOrder.BuyForwarder, 0UL),
            _ => (SpaceBankOrder.BuyProcess, 0UL),
        };
        bool canHave = BankModel.IsNode(kind) ? bank.CanHaveNode : bank.Available > 0;
        yield return new BankRequest(AnyOf(bank), order, word);
        if (_machine.Result == Result.Ok)
        {
            BankModel.Demand(canHave, "a limit is kept");
            _model.Bought(bank, kind, _machine.Answer);
        }
        else
        {
            Expect(canHave && !IsVolumeSold() ? Result.Ok : Result.LimitReached, "sale");
        }
    }

    private IEnumerable<BankRequest> FreeOne()
    {
        if (_model.Things.Count == 0)
        {
            yield break;
        }

        (ModelBank bank, uint place) = _model.Things[_random.Next(_model.Things.Count)];
        BankCapability thing = bank.Things[place];
        bool isNode = BankModel.IsNode(_machine.Objects[place]);
        yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Free, Argument: thing);
        Expect(Result.Ok, "free");
        BankModel.Demand(_machine.IsVoid(thing), "what is given back is void");
        _model.Freed(bank, place, isNode);
        yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Free, Argument: thing);
        Expect(Result.BadArgument, "free again");
    }

    private IEnumerable<BankRequest> FreeOfAnother(ModelBank bank)
    {
        if (_model.Things.Count == 0)
        {
            yield break;
        }

        (ModelBank owner, uint place) = _model.Things[_random.Next(_model.Things.Count)];
        if (owner != bank)
        {
            yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Free, Argument: owner.Things[place]);
            Expect(Result.NoAccess, "free of another's");
        }

        yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Free, Argument: AnyOf(owner));
        Expect(Result.BadArgument, "free of a bank");
    }

    private IEnumerable<BankRequest> Identify(ModelBank bank)
    {
        if (_model.Things.Count == 0)
        {
            yield break;
        }

        (ModelBank owner, uint place) = _model.Things[_random.Next(_model.Things.Count)];
        foreach (ulong orBelow in new[] { 0UL, 1UL })
        {
            yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Identify, orBelow, 0, owner.Things[place]);
            bool isKnown = orBelow != 0 ? owner.Upwards.Contains(bank) : owner == bank;
            Expect(isKnown ? Result.Ok : Result.NoAccess, "identify");
            BankModel.Demand(_machine.Words[0] == (isKnown ? _machine.Objects[place] : NoRange), "the kind is told");
        }
    }

    private IEnumerable<BankRequest> Sever()
    {
        if (_model.Things.Count == 0)
        {
            yield break;
        }

        (ModelBank bank, uint place) = _model.Things[_random.Next(_model.Things.Count)];
        BankCapability thing = bank.Things[place];
        yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Sever, Argument: thing);
        if (thing.Type == CapabilityType.Process)
        {
            Expect(Result.BadArgument, "sever of a process");
            yield break;
        }

        Expect(Result.Ok, "sever");
        BankModel.Demand(_machine.IsVoid(thing) && !_machine.IsVoid(_machine.Answer), "the old one is void");
        bank.Things[place] = _machine.Answer;
    }

    private IEnumerable<BankRequest> CreateChild(ModelBank bank)
    {
        ulong limit = (ulong)_random.Next(400);
        bool canHave = bank.CanHaveNode && bank.Depth < BankTree.MaxDepth;
        yield return Create(bank, limit);
        Expect(canHave && !IsVolumeSold() ? Result.Ok : _machine.Result, "child");
        BankModel.Demand(canHave || _machine.Result == Result.LimitReached, "a child that cannot be");
        if (_machine.Result == Result.Ok)
        {
            _model.Created(bank, limit, _machine.Answer);
        }
    }

    private IEnumerable<BankRequest> SetLimit(ModelBank bank)
    {
        ulong limit = bank == _model.Prime ? 3000UL : (ulong)_random.Next(400);
        int rights = PickRights(bank);
        yield return new BankRequest(bank.Capabilities[rights], SpaceBankOrder.SetLimit, limit);
        bool isAllowed = (rights & (int)BankRights.NoLimit) == 0;
        Expect(isAllowed ? Result.Ok : Result.NoAccess, "limit");
        bank.Limit = isAllowed ? limit : bank.Limit;
    }

    private IEnumerable<BankRequest> Preclude(ModelBank bank)
    {
        int rights = PickRights(bank);
        int take = _random.Next(BankForwarders.Count);
        BankCapability known = bank.Capabilities[rights | take];
        ModelBank? payer = bank.Parent;
        yield return new BankRequest(bank.Capabilities[rights], SpaceBankOrder.Preclude, (ulong)take);
        if (known != default || payer is null || _machine.Result != Result.Ok)
        {
            bool isPossible = known != default || payer is null || payer.CanHaveNode;
            Expect(isPossible && !IsVolumeSold() ? Result.Ok : _machine.Result, "preclude");
            BankModel.Demand(isPossible || _machine.Result == Result.LimitReached, "a reduction that nobody pays");
            BankModel.Demand(known == default || _machine.Answer == known, "a reduced capability is made once");
        }
        else
        {
            payer.AddNode(_machine.Answer.Frame);
        }

        bank.Capabilities[rights | take] = _machine.Result == Result.Ok ? _machine.Answer : known;
    }

    private IEnumerable<BankRequest> Verify(ModelBank bank)
    {
        yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Verify, Argument: AnyOf(PickBank()));
        Expect(Result.Ok, "verify");
        BankModel.Demand(_machine.Words[0] == 1, "a bank is one");
        if (_model.Things.Count > 0)
        {
            (ModelBank owner, uint place) = _model.Things[_random.Next(_model.Things.Count)];
            BankCapability forged = owner.Things[place] with { Type = CapabilityType.Forwarder };
            yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Verify, Argument: forged);
            BankModel.Demand(_machine.Words[0] == 0, "a client's own forwarder is none");
        }
    }

    private IEnumerable<BankRequest> Account(ModelBank bank)
    {
        yield return new BankRequest(AnyOf(bank), SpaceBankOrder.Account);
        Expect(Result.Ok, "account");
        BankModel.Demand(
            _machine.Words.SequenceEqual([bank.Used, bank.Limit, bank.Available]),
            $"account: {string.Join(", ", _machine.Words)}, not {bank.Used}, {bank.Limit}, {bank.Available}");
    }

    private IEnumerable<BankRequest> End(ModelBank bank)
    {
        int rights = PickRights(bank);
        bool isAllowed = (rights & (int)BankRights.NoDestroy) == 0 && bank != _model.Prime;
        bool handUp = _random.Next(2) == 0;
        BankCapability capability = bank.Capabilities[rights];
        do
        {
            yield return new BankRequest(capability, SpaceBankOrder.DestroyStep, handUp ? 1UL : 0);
            Expect(isAllowed ? Result.Ok : Result.NoAccess, "end");
        }
        while (isAllowed && _machine.Words[0] == 0);

        if (isAllowed && handUp)
        {
            _model.HandedUp(bank);
        }
        else if (isAllowed)
        {
            _model.Destroyed(bank);
        }

        yield return new BankRequest(capability, SpaceBankOrder.Account);
        Expect(isAllowed ? Result.VoidCapability : Result.Ok, "a bank that was destroyed");
    }

    private void CheckAll()
    {
        foreach (ModelBank bank in _model.Banks)
        {
            uint number = BankBadge.Number(_machine.WordOf(bank.Capabilities[0]) >> 8);
            ref BankRecord record = ref _machine.Books.Memory.Bank(number);
            Assert.That((record.Used, record.Limit), Is.EqualTo(((uint)bank.Used, bank.Limit)));
            foreach ((uint place, BankCapability thing) in bank.Things)
            {
                Assert.That(_machine.IsVoid(thing), Is.False);
                Assert.That(_machine.Books.Memory.Entry(Books.FrameOf(place)).Owner, Is.EqualTo(number));
            }
        }

        HashSet<uint> own = [.. _model.Banks.SelectMany(bank => bank.Capabilities).Select(bank => bank.Place)];
        IEnumerable<uint> sold = _machine.Objects.Keys.Where(place => !own.Contains(place)
            && _machine.Books.Memory.Entry(Books.FrameOf(place)).Owner != BankTree.Own);
        Assert.That(sold.ToHashSet().SetEquals(_model.Things.Select(thing => thing.Place)), "nothing else exists");
    }

    private static BankRequest Create(ModelBank parent, ulong limit) =>
        new(parent.Capabilities[0], SpaceBankOrder.CreateChild, limit);

    private ModelBank PickBank() => _model.Banks[_random.Next(_model.Banks.Count)];

    private int PickRights(ModelBank bank)
    {
        int rights = _random.Next(BankForwarders.Count);
        return bank.Capabilities[rights] == default ? 0 : rights;
    }

    private BankCapability AnyOf(ModelBank bank) => bank.Capabilities[PickRights(bank)];

    private bool IsVolumeSold() => _model.Prime.Used + _machine.Books.Memory.Bank(BankTree.Own).Used + 1 > 3000;

    private void Expect(Result expected, string what) =>
        BankModel.Demand(_machine.Result == expected, $"{what}: {_machine.Result}, not {expected}");
}
