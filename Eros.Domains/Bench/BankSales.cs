// The measurements of the space bank: what it takes to have an object and give it back.

using Eros.Domains.Runtime;

namespace Eros.Domains.Bench;

/// <summary>A page is bought, and freed.</summary>
internal sealed class PageSale(ISpaceBank bank) : Measurement("bank: page bought and freed")
{
    private readonly ISpaceBank _bank = bank;

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        _bank.BuyPage(out IPage page);
        _bank.Free(page);
        ulong cycles = Timestamp.Read() - start;
        Capabilities.Release(page);
        return cycles;
    }
}

/// <summary>A node is bought, and freed.</summary>
internal sealed class NodeSale(ISpaceBank bank) : Measurement("bank: node bought and freed")
{
    private readonly ISpaceBank _bank = bank;

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        _bank.BuyNode(out INode node);
        _bank.Free(node);
        ulong cycles = Timestamp.Read() - start;
        Capabilities.Release(node);
        return cycles;
    }
}
