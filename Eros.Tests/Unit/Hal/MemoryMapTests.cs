using System;
using System.Collections.Generic;
using Eros.Hal.Firmware;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed class MemoryMapTests
{
    [Test]
    public void WhatIsNotUsableWinsOverWhatIs()
    {
        MemoryMap map = default;
        map.Add(0x1000, 0xF000, MemoryKind.Usable);
        map.Add(0x4000, 0x1000, MemoryKind.Reserved);
        map.Add(0x0, 0x2000, MemoryKind.Taken);

        Assert.That(FreeRanges(map), Is.EqualTo(new[] { (0x2000UL, 0x4000UL), (0x5000UL, 0x10000UL) }));
        Assert.That(map.Top, Is.EqualTo(0x10000));
        Assert.That(map.UsableBytes, Is.EqualTo(0xF000));
    }

    [Test]
    public void RangeThatWrapsAroundIsCut()
    {
        MemoryMap map = default;
        map.Add(ulong.MaxValue - 10, 100, MemoryKind.Reserved);
        Assert.That(map[0].End, Is.EqualTo(ulong.MaxValue));
    }

    [Test]
    public void RangeTooManyIsReported()
    {
        MemoryMap map = default;
        for (int i = 0; i < MemoryMap.Capacity; i++)
        {
            map.Add((ulong)i * 0x1000, 0x1000, MemoryKind.Usable);
        }

        Assert.That(map.Overflowed, Is.False);
        map.Add(0, 1, MemoryKind.Reserved);
        Assert.That(map.Overflowed, Is.True);
    }

    [Test]
    public void FreeRangesAreTheUsableUnitsThatNothingElseTouches([Random(0, int.MaxValue, 50)] int seed)
    {
        const int Units = 64;
        var random = new Random(seed);
        MemoryMap map = default;
        bool[] usable = new bool[Units];
        bool[] blocked = new bool[Units];
        for (int i = 0; i < 12; i++)
        {
            int start = random.Next(Units);
            int length = random.Next(Units - start) + 1;
            bool isUsable = random.Next(3) != 0;
            map.Add((ulong)start, (ulong)length, isUsable ? MemoryKind.Usable : MemoryKind.Reserved);
            Array.Fill(isUsable ? usable : blocked, true, start, length);
        }

        bool[] free = new bool[Units];
        foreach ((ulong start, ulong end) in FreeRanges(map))
        {
            Array.Fill(free, true, (int)start, (int)(end - start));
        }

        for (int i = 0; i < Units; i++)
        {
            Assert.That(free[i], Is.EqualTo(usable[i] && !blocked[i]), $"unit {i}, seed {seed}");
        }
    }

    private static List<(ulong Start, ulong End)> FreeRanges(MemoryMap map)
    {
        List<(ulong, ulong)> found = [];
        ulong from = 0;
        while (map.NextFree(from, out MemoryRange range))
        {
            found.Add((range.Start, range.End));
            from = range.End;
        }

        return found;
    }
}
