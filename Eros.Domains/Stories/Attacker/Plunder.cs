// Plunder: what somebody does who knows what is there to be had.

using System.Collections.Generic;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Stories.Attacker;

internal static class Plunder
{
    private const int Deep = 3;
    private const int Spare = 8;

    /// <summary>
    /// Overwrites all that can be got at through a node, and through nodes in it; then tries to put something else into
    /// its slots, and to give all that away. How many pages it was.
    /// </summary>
    public static int Overwrite(INode node, ICapability replacement) => Overwrite(node, replacement, Deep);

    /// <summary>
    /// Buys pages until the bank has no more. Some go back: the program's own memory grows, too, and it shall live to
    /// tell.
    /// </summary>
    public static void Hoard(ISpaceBank bank)
    {
        Queue<IPage> newest = new();
        while (bank.BuyPage(out IPage page) == Result.Ok)
        {
            newest.Enqueue(page);
            if (newest.Count > Spare)
            {
                Capabilities.Release(newest.Dequeue());
            }
        }

        foreach (IPage page in newest)
        {
            bank.Free(page);
        }
    }

    /// <summary>Gets the memory that the program needs while the bank still has some.</summary>
    public static unsafe void TouchMemory()
    {
        for (ulong i = 0; i < SpaceLayout.ProductHeapPages; i++)
        {
            Volatile.Read(ref *OwnMemory.At(SpaceLayout.Heap + i * MappedPage.SizeInBytes));
        }
    }

    private static int Overwrite(INode node, ICapability replacement, int deep)
    {
        int overwritten = 0;
        for (uint slot = 0; slot < NodeSlot.Count; slot++)
        {
            if (node.Fetch(slot, out ICapability thing) != Result.Ok)
            {
                continue;
            }

            switch (Capabilities.TypeOf(thing))
            {
                case CapabilityType.Page:
                    overwritten += PageClient.Of(thing).WriteText("nobody reads this any more\n") == Result.Ok ? 1 : 0;
                    break;
                case CapabilityType.Node when deep > 0:
                    overwritten += Overwrite(NodeClient.Of(thing), replacement, deep - 1);
                    break;
            }

            Capabilities.Release(thing);
            node.Swap(slot, replacement, out ICapability previous);
            Capabilities.Release(previous);
        }

        node.Clear();
        return overwritten;
    }
}
