using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Eros.Hal.Storage;
using Eros.Hal.Virtio;
using Eros.Persistence.Base;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed unsafe class SplitQueueTests
{
    private const int Size = 256;

    private byte* _memory;
    private SplitQueue _queue = null!;
    private Device _device = null!;

    [SetUp]
    public void MakeQueue()
    {
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)SplitQueue.BytesFor(Size) + 4096);
        _queue = new SplitQueue(_memory, Size);
        _device = new Device(_memory, Size);
    }

    [TearDown]
    public void FreeQueue() => NativeMemory.Free(_memory);

    [Test]
    public void PartsLieWhereTheStandardWantsThem()
    {
        Assert.That(SplitQueue.AvailableOffset(256), Is.EqualTo(4096));
        Assert.That(SplitQueue.UsedOffset(256) % 4, Is.Zero);
        Assert.That(SplitQueue.UsedOffset(256), Is.GreaterThanOrEqualTo(4096 + 6 + 2 * 256));
        Assert.That(SplitQueue.BytesFor(256), Is.EqualTo(SplitQueue.UsedOffset(256) + 6 + 8 * 256));
    }

    [Test]
    public void ChainsComeBackInTheDevicesOrderOverManyWrapsOfTheIndex([Random(0, int.MaxValue, 3)] int seed)
    {
        var random = new Random(seed);
        var waiting = new List<int>();
        var free = new Queue<int>([0, 66, 132]);
        for (int round = 0; round < 200_000; round++)
        {
            if (free.Count > 0 && random.Next(2) == 0)
            {
                _queue.Offer(free.Dequeue());
                waiting.Add(_device.Take());
            }
            else if (waiting.Count > 0)
            {
                int head = waiting[random.Next(waiting.Count)];
                waiting.Remove(head);
                _device.Finish((uint)head);
                Assert.That(_queue.TryTake(out int taken), Is.True, $"seed {seed}");
                Assert.That(taken, Is.EqualTo(head), $"seed {seed}");
                free.Enqueue(taken);
            }

            Assert.That(_queue.TryTake(out _), Is.False);
        }
    }

    [Test]
    public void DeviceThatFinishesWhatWasNotOfferedBreaksTheQueue()
    {
        _device.Finish(0);
        Assert.That(_queue.TryTake(out _), Is.False);
        Assert.That(_queue.IsBroken, Is.True);
    }

    [Test]
    public void DeviceThatNamesNoDescriptorBreaksTheQueue()
    {
        _queue.Offer(0);
        _device.Finish(Size);
        Assert.That(_queue.TryTake(out _), Is.False);
        Assert.That(_queue.IsBroken, Is.True);
    }

    [TestCase(false, 0u)]
    [TestCase(true, 1u)]
    public void TransferIsAChainOfHeaderFramesAndStatus(bool isWrite, uint type)
    {
        byte* headers = _memory + SplitQueue.BytesFor(Size) + 64;
        BlockRequests requests = new(_queue, headers, 0x7000);
        DiskTransfer transfer = new() { FirstBlock = 5, Count = 2, IsWrite = isWrite };
        (transfer.Frames[0], transfer.Frames[1]) = (0x123, 0x456);
        requests.Start(1, transfer);

        Assert.That(_device.Take(), Is.EqualTo(66));
        ushort data = (ushort)(isWrite ? 1 : 3);
        Assert.That(_device.Chain(66), Is.EqualTo(new[]
        {
            (0x7020UL, 16u, (ushort)1), (0x123000UL, 4096u, data), (0x456000UL, 4096u, data), (0x7030UL, 1u, (ushort)2),
        }));
        Assert.That(*(uint*)(headers + 32), Is.EqualTo(type));
        Assert.That(*(ulong*)(headers + 40), Is.EqualTo(40), "sectors of 512 bytes");

        Assert.That(requests.TakeFinished(), Is.EqualTo(-1));
        _device.Finish(66);
        Assert.That(requests.TakeFinished(), Is.EqualTo(1));
        Assert.That(requests.OutcomeOf(1), Is.EqualTo(Outcome.DiskError), "the device wrote no status");
        headers[32 + 16] = 0;
        Assert.That(requests.OutcomeOf(1), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void LargestTransferFillsItsSlotAndNoMore()
    {
        BlockRequests requests = new(_queue, _memory + SplitQueue.BytesFor(Size) + 64, 0x7000);
        requests.Start(2, new DiskTransfer { Count = DiskTransfer.MaxBlocks });
        requests.Start(0, new DiskTransfer());
        Assert.That(BlockRequests.SlotsFor(Size), Is.EqualTo(3));
        Assert.That(_device.Take(), Is.EqualTo(132));
        Assert.That(_device.Chain(132), Has.Count.EqualTo(66));
        Assert.That(_device.Take(), Is.Zero);
        Assert.That(_device.Chain(0), Is.EqualTo(new[] { (0x7000UL, 16u, (ushort)1), (0x7010UL, 1u, (ushort)2) }));
    }

    /// <summary>The device's half, written from the standard's tables.</summary>
    private sealed class Device(byte* memory, int size)
    {
        private readonly byte* _memory = memory;
        private readonly byte* _available = memory + 16 * size;
        private readonly byte* _used = memory + ((16 * size + 6 + 2 * size + 3) & ~3);
        private ushort _seen;
        private ushort _finished;

        public int Take()
        {
            Assert.That(*(ushort*)(_available + 2), Is.Not.EqualTo(_seen), "nothing is available");
            return *(ushort*)(_available + 4 + _seen++ % size * 2);
        }

        public void Finish(uint head)
        {
            *(uint*)(_used + 4 + _finished % size * 8) = head;
            _finished++;
            *(ushort*)(_used + 2) = _finished;
        }

        public List<(ulong Address, uint Length, ushort Flags)> Chain(int head)
        {
            List<(ulong, uint, ushort)> chain = [];
            while (true)
            {
                byte* descriptor = _memory + head * 16;
                ushort flags = *(ushort*)(descriptor + 12);
                chain.Add((*(ulong*)descriptor, *(uint*)(descriptor + 8), flags));
                if ((flags & 1) == 0)
                {
                    return chain;
                }

                head = *(ushort*)(descriptor + 14);
            }
        }
    }
}
