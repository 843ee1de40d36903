using System;
using System.Buffers.Binary;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>Two banks, one below the other, and what is bought from them; then the end of both.</summary>
internal sealed class BankWork(ISpaceBank bank) : Bustling
{
    private const ulong UpperLimit = 100;
    private const ulong LowerLimit = 40;
    private const uint MostPages = 12;

    private readonly ISpaceBank _bank = bank;
    private ISpaceBank _upper = SpaceBankClient.Void;
    private ISpaceBank _lower = SpaceBankClient.Void;
    private INode _pages = NodeClient.Void;
    private ulong _before;

    protected override void Begin()
    {
        // The bank's own books may have to grow for the first one.
        Open();
        Close();
        _before = UsedOf(_bank);
    }

    protected override void Round()
    {
        Open();
        uint count = 1 + Dice.Below(MostPages);
        Buy(count);
        Sever(count);
        FreeSome(count);
        Limit();
        BuyBelow();
        Close();
        Ledger.Demand(UsedOf(_bank) == _before, Claim.AllIsGivenBack);
    }

    private void Open()
    {
        Ledger.Enter(BustleStep.Open);
        Succeed(_bank.CreateChild(UpperLimit, out _upper));
        Succeed(_upper.CreateChild(LowerLimit, out _lower));
        Succeed(_upper.BuyNode(out _pages));
    }

    private void Buy(uint count)
    {
        Ledger.Enter(BustleStep.Buy);
        ulong before = UsedOf(_upper);
        Span<byte> content = stackalloc byte[sizeof(uint)];
        for (uint i = 0; i < count; i++)
        {
            Succeed(_upper.BuyPage(out IPage page));
            BinaryPrimitives.WriteUInt32LittleEndian(content, i);
            page.Write(0, content);
            _pages.Put(i, page);
            Capabilities.Release(page);
            Ledger.Demand(UsedOf(_upper) == before + i + 1, Claim.AccountIsExact);
        }
    }

    private void Sever(uint count)
    {
        Ledger.Enter(BustleStep.Sever);
        uint slot = Dice.Below(count);
        _pages.Fetch(slot, out ICapability old);
        Succeed(_upper.Sever(old, out ICapability fresh));
        ReleaseVoid(old, Claim.FreedIsVoid);
        Ledger.Demand(Content(PageClient.Of(fresh)) == slot, Claim.ContentsStay);
        _pages.Put(slot, fresh);
        Capabilities.Release(fresh);
    }

    private void FreeSome(uint count)
    {
        Ledger.Enter(BustleStep.Free);
        ulong before = UsedOf(_upper);
        ulong freed = 0;
        for (uint i = 0; i < count; i++)
        {
            _pages.Fetch(i, out ICapability page);
            if (Dice.Below(2) == 0)
            {
                Ledger.Demand(Content(PageClient.Of(page)) == i, Claim.ContentsStay);
                Succeed(_upper.Free(page));
                freed++;
                ReleaseVoid(page, Claim.FreedIsVoid);
            }
            else
            {
                Capabilities.Release(page);
            }
        }

        Ledger.Demand(UsedOf(_upper) == before - freed, Claim.AccountIsExact);
    }

    private void Limit()
    {
        Ledger.Enter(BustleStep.Limit);
        _upper.Account(out ulong used, out ulong limit, out _);
        Succeed(_upper.SetLimit(used + 1));
        Succeed(_upper.BuyPage(out IPage page));
        Capabilities.Release(page);
        Ledger.Demand(_upper.BuyPage(out IPage none) == Result.LimitReached, Claim.LimitHolds);
        Capabilities.Release(none);
        Ledger.Demand(limit == UpperLimit, Claim.AccountIsExact);
        Succeed(_upper.SetLimit(UpperLimit));
    }

    private void BuyBelow()
    {
        Ledger.Enter(BustleStep.Buy);
        Succeed(_lower.BuyProcess(out IProcess process));
        Succeed(_lower.BuyPage(out IPage page));
        if (Dice.Below(3) == 0)
        {
            Ledger.Enter(BustleStep.HandUp);
            ulong before = UsedOf(_upper);
            Succeed(_lower.HandUp());
            Ledger.Demand(UsedOf(_upper) <= before, Claim.AccountIsExact);
            Succeed(_upper.Free(page));
        }

        Capabilities.Release(process);
        Capabilities.Release(page);
    }

    private void Close()
    {
        Ledger.Enter(BustleStep.Destroy);
        _pages.Fetch(0, out ICapability page);
        Succeed(_upper.Destroy());
        ReleaseVoid(_upper, Claim.DestroyedIsVoid);
        ReleaseVoid(_lower, Claim.DestroyedIsVoid);
        ReleaseVoid(_pages, Claim.DestroyedIsVoid);
        ReleaseVoid(page, Claim.DestroyedIsVoid);
    }

    private static uint Content(IPage page)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        page.Read(0, sizeof(uint), bytes, out _);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
