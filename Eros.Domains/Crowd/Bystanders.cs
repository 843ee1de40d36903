using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Crowd;

/// <summary>Pages and a bank that nobody of a crowd has a capability of.</summary>
internal sealed class Bystanders(ISpaceBank bank)
{
    private const ulong Limit = 30;
    private const uint Pages = 16;

    private readonly ISpaceBank _above = bank;
    private readonly byte[] _bytes = new byte[MappedPage.SizeInBytes];
    private ISpaceBank _bank = SpaceBankClient.Void;
    private INode _pages = NodeClient.Void;
    private ulong _used;

    public Result Place()
    {
        Result result = _above.CreateChild(Limit, out _bank);
        result = result == Result.Ok ? _bank.BuyNode(out _pages) : result;
        for (uint i = 0; i < Pages && result == Result.Ok; i++)
        {
            result = _bank.BuyPage(out IPage page);
            Array.Fill(_bytes, Content(i));
            page.Write(0, _bytes);
            _pages.Put(i, page);
            Capabilities.Release(page);
        }

        _bank.Account(out _used, out _, out _);
        return result;
    }

    /// <summary>How many are not as they were placed; their account counts as one.</summary>
    public int Changed()
    {
        _bank.Account(out ulong used, out ulong limit, out _);
        int changed = used == _used && limit == Limit ? 0 : 1;
        for (uint i = 0; i < Pages; i++)
        {
            _pages.Fetch(i, out ICapability page);
            Result result = PageClient.Of(page).Read(0, (ulong)_bytes.Length, _bytes, out int stored);
            bool isSame = result == Result.Ok && stored == _bytes.Length;
            foreach (byte value in _bytes)
            {
                isSame &= value == Content(i);
            }

            changed += isSame ? 0 : 1;
            Capabilities.Release(page);
        }

        return changed;
    }

    public void Remove()
    {
        _bank.Destroy();
        Capabilities.Release(_bank);
        Capabilities.Release(_pages);
    }

    private static byte Content(uint number) => (byte)(0xA0 + number);
}
