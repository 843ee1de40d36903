using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Hostile;

/// <summary>Buys pages until the bank refuses, then gives them back.</summary>
internal static class Hoard
{
    private const uint LastPage = 30;
    private const uint Link = 31;

    // Pages are kept in nodes of 31, each with the node before it in its last slot.
    public static Result Run(ISpaceBank bank, out string output)
    {
        ulong bought = 0;
        INode node = NodeClient.Void;
        uint slot = LastPage + 1;
        Result result = Result.Ok;
        while (result == Result.Ok)
        {
            if (slot > LastPage)
            {
                result = Chain(bank, ref node);
                slot = 0;
                continue;
            }

            result = bank.BuyPage(out IPage page);
            if (result == Result.Ok)
            {
                node.Swap(slot++, page, out ICapability nothing);
                Capabilities.Release(nothing);
                bought++;
            }

            Capabilities.Release(page);
        }

        GiveBack(bank, node);
        output = $"bought {bought} pages, then {ResultText.Of(result)}; gave them back\n";
        return Result.Ok;
    }

    private static Result Chain(ISpaceBank bank, ref INode node)
    {
        Result result = bank.BuyNode(out INode next);
        if (result == Result.Ok)
        {
            next.Swap(Link, node, out ICapability nothing);
            Capabilities.Release(nothing);
            Capabilities.Release(node);
            node = next;
        }
        else
        {
            Capabilities.Release(next);
        }

        return result;
    }

    private static void GiveBack(ISpaceBank bank, INode node)
    {
        while (true)
        {
            for (uint slot = 0; slot <= LastPage; slot++)
            {
                node.Fetch(slot, out ICapability page);
                bank.Free(page);
                Capabilities.Release(page);
            }

            Result result = node.Fetch(Link, out ICapability before);
            bank.Free(node);
            Capabilities.Release(node);
            if (result != Result.Ok)
            {
                Capabilities.Release(before);
                return;
            }

            node = NodeClient.Of(before);
        }
    }
}
