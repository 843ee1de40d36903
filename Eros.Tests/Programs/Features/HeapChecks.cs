using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Programs;

namespace Features;

internal static class HeapChecks
{
    private const int Blocks = 400;
    private const int BlockBytes = 8000;

    // Says how many frames the bank has sold this domain before, at most, and after.
    public static void GrowAndShrink(Output o, ISpaceBank storage)
    {
        GC.Collect();
        ulong before = Used(storage);
        ulong most = Fill(storage);
        Overwrite(20);
        GC.Collect();
        o.Say($"frames {before} {most} {Used(storage)}");
    }

    // All in all far more than there is.
    public static void LargeObjects(Output o)
    {
        int sum = 0;
        for (int i = 0; i < 100; i++)
        {
            byte[] large = new byte[500_000 + i * 1000];
            large[i] = 1;
            large[^1] = 2;
            sum += large[i] + large[^1] + large[large.Length / 2];
        }

        o.Say(sum);
    }

    public static void OutOfMemory(Output o)
    {
        for (int round = 0; round < 3; round++)
        {
            try
            {
                o.Say(Exhaust());
            }
            catch (OutOfMemoryException e)
            {
                o.Say(e.Message);
            }

            Overwrite(20);
        }

        o.Say(new string('x', 5));
    }

    private static ulong Used(ISpaceBank storage)
    {
        storage.Account(out ulong used, out _, out _);
        return used;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Fill(ISpaceBank storage)
    {
        List<byte[]> blocks = new();
        for (int i = 0; i < Blocks; i++)
        {
            blocks.Add(new byte[BlockBytes]);
        }

        ulong used = Used(storage);
        GC.KeepAlive(blocks);
        return used;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Exhaust()
    {
        List<byte[]> all = new();
        while (true)
        {
            all.Add(new byte[100_000]);
        }
    }

    // The collector takes whatever looks like a reference on the stack for one: this lies over what was there.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Overwrite(int depth)
    {
        Span<long> room = stackalloc long[64];
        room.Clear();
        return depth == 0 ? (int)room[0] : Overwrite(depth - 1) + (int)room[depth];
    }
}
