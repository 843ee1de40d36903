using System.Runtime.InteropServices;
using Eros.Hal.Storage;
using Eros.Hal.Virtio;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Tests.Unit.Kernel;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

/// <summary>The disk's driver, with a device that is plain memory, in simulated time.</summary>
public sealed unsafe class VirtioBlockTests
{
    private const int Size = 256;
    private const int RegisterBytes = 256;
    private const int HeadersAt = 16384;
    private const int StatusOffset = 16;
    private const ulong Ms = StoreRig.Second / 1000;

    private byte* _memory;
    private StoreRig _rig = null!;
    private Reader _reader = null!;
    private VirtioBlock _disk = null!;

    [SetUp]
    public void MakeDisk()
    {
        _memory = (byte*)NativeMemory.AllocZeroed(HeadersAt + 4096);
        byte* registers = _memory + HeadersAt + 1024;
        *(ulong*)(registers + (2 * RegisterBytes)) = 8000;
        var device = new VirtioDevice(registers, registers + RegisterBytes, registers + (2 * RegisterBytes), 0);
        var requests = new BlockRequests(new SplitQueue(_memory, Size), _memory + HeadersAt, HeadersAt);
        _rig = new StoreRig();
        var interrupted = new Event(_rig.Kernel.Scheduler, _rig.Processor);
        _disk = new VirtioBlock(_rig.Kernel, device, requests, BlockRequests.SlotsFor(Size), 0, interrupted);
        _reader = new Reader(_rig, _disk);
        _rig.Kernel.Scheduler.Add(_disk.Driver);
        _rig.Kernel.Scheduler.Add(_reader);
        _rig.Processor.Enter(() => { });
    }

    [TearDown]
    public void Dispose()
    {
        _rig.Dispose();
        NativeMemory.Free(_memory);
    }

    [Test]
    public void What_the_device_finishes_is_found_without_an_interrupt()
    {
        Finish();
        _rig.Processor.Compute(20 * Ms);
        Assert.That(_reader.Outcome, Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void A_device_that_is_late_is_told_of_and_waited_for()
    {
        _rig.Processor.Compute(65 * StoreRig.Second);
        Assert.That(_reader.Outcome, Is.Null);
        Assert.That(_rig.Console, Does.Contain("silent for 30 s").And.Contain("silent for 60 s"));
        Finish();
        _rig.Processor.Compute(20 * Ms);
        Assert.That(_reader.Outcome, Is.EqualTo(Outcome.Ok));
        _rig.Processor.Compute(40 * StoreRig.Second);
        Assert.That(_rig.Console, Does.Not.Contain("silent for 90 s"));
    }

    [Test]
    public void A_device_that_breaks_the_rules_is_stopped_and_every_transfer_fails()
    {
        *(ushort*)(_memory + SplitQueue.UsedOffset(Size) + 2) = 100;
        _rig.Processor.Compute(20 * Ms);
        Assert.That(_reader.Outcome, Is.EqualTo(Outcome.DiskError));
        Assert.That(_rig.Console, Does.Contain("breaks virtio's rules"));
    }

    [TestCase(0, Outcome.Ok)]
    [TestCase(1, Outcome.DiskError)]
    public void A_read_that_fails_is_noted(byte status, Outcome outcome)
    {
        Finish(status);
        _rig.Processor.Compute(20 * Ms);
        Assert.That(_reader.Outcome, Is.EqualTo(outcome));
        Assert.That(_disk.HasFailed, Is.EqualTo(outcome != Outcome.Ok));
    }

    /// <summary>The device's part: the chain of slot 0 is done, and its status says how.</summary>
    private void Finish(byte status = 0)
    {
        _memory[HeadersAt + StatusOffset] = status;
        byte* used = _memory + SplitQueue.UsedOffset(Size);
        *(uint*)(used + 4) = 0;
        *(ushort*)(used + 2) = 1;
    }

    /// <summary>Wants one block.</summary>
    private sealed class Reader(StoreRig rig, VirtioBlock disk) : KernelThread("reader", 8, false)
    {
        public Outcome? Outcome { get; private set; }

        public override void Run()
        {
            var transfer = new DiskTransfer { FirstBlock = 7, Count = 1 };
            disk.Start(transfer);
            Outcome = disk.Wait(transfer);
            new Event(rig.Kernel.Scheduler, rig.Processor).Wait();
        }
    }
}
