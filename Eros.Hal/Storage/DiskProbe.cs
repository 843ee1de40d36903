// DiskProbe: finds the first two virtio block devices and brings them up (Virtual I/O Device 1.2, 3.1.1 and 5.2.5).

using System;
using System.Runtime.CompilerServices;
using Eros.Hal.Bus;
using Eros.Hal.Firmware;
using Eros.Hal.Interrupts;
using Eros.Hal.Virtio;
using Eros.Hal.X64;
using Eros.Kernel.Threads;

namespace Eros.Hal.Storage;

/// <summary>What a driver is made of, and where its device's registers are mapped.</summary>
public ref struct DiskProbe
{
    /// <summary>Virtio block over PCI: the modern identity, and the one that old drivers look for.</summary>
    private const ushort BlockDevice = 0x1042;
    private const ushort TransitionalBlockDevice = 0x1001;

    private const ulong CommonBytes = 0x38;
    private const ulong DeviceBytes = 0x40;
    private const ulong MessageBytes = 16;
    private const int MaxQueueSize = 1024;

    public Eros.Kernel.Kernel Kernel;
    public LocalApic Apic;
    public InterruptTable Interrupts;
    public ref DeviceWindow Window;
    public ref BootMemory Memory;

    /// <summary>What was wrong with the last device that was not used; empty when nothing was.</summary>
    public ReadOnlySpan<byte> Trouble;

    /// <summary>The first disks that work, as many as there is room for; the rest stays null.</summary>
    public void Find(PciConfig config, VirtioBlock?[] disks)
    {
        PciBus bus = new(config);
        int count = 0;
        while (count < disks.Length && bus.MoveNext())
        {
            PciFunction function = bus.Current;
            if (function.Vendor == VirtioDevice.Vendor && function.Device is BlockDevice or TransitionalBlockDevice
                && Open(function) is { } disk)
            {
                disks[count++] = disk;
            }
        }
    }

    private VirtioBlock? Open(PciFunction function)
    {
        VirtioRegions regions = default;
        if (!regions.Read(function))
        {
            return Refuse("has no modern interface"u8);
        }

        function.Enable();
        VirtioDevice device = Map(regions);
        const ulong Wanted = VirtioDevice.Version1 | VirtioBlock.FlushFeature | VirtioBlock.SegmentLimitFeature;
        if (!device.Reset() || !device.Negotiate(Wanted, out ulong features))
        {
            return Refuse("does not answer"u8);
        }

        int size = device.MaxQueueSize();
        size = size < MaxQueueSize ? size : MaxQueueSize;
        int slots = BlockRequests.SlotsFor(size);
        if (slots == 0 || !VirtioBlock.TakesLargeRequests(device, features))
        {
            return Refuse("takes no requests of 256 KB"u8);
        }

        Event interrupted = new(Kernel.Scheduler, Kernel.Processor);
        Connect(function, interrupted);
        BlockRequests? requests = AddQueue(device, size, slots);
        if (requests == null)
        {
            return Refuse("finds too little memory"u8);
        }

        device.Start();
        return new VirtioBlock(Kernel, device, requests, slots, features, interrupted);
    }

    private VirtioBlock? Refuse(ReadOnlySpan<byte> trouble)
    {
        Trouble = trouble;
        return null;
    }

    private readonly unsafe VirtioDevice Map(in VirtioRegions regions) => new(
        Window.Map(regions.Common, CommonBytes, ref Memory),
        Window.Map(regions.Notify, regions.NotifyBytes, ref Memory),
        Window.Map(regions.Device, DeviceBytes, ref Memory),
        regions.NotifyMultiplier);

    /// <summary>The queue, and behind it the headers of its requests, in frames that lie side by side.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly unsafe BlockRequests? AddQueue(VirtioDevice device, int size, int slots)
    {
        ulong headers = ((ulong)SplitQueue.BytesFor(size) + 15) & ~15UL;
        ulong bytes = headers + (ulong)(slots * BlockRequests.HeaderAreaPerSlot);
        ulong frames = (bytes + BootMemory.FrameBytes - 1) / BootMemory.FrameBytes;
        ulong physical = Memory.TakeFrames(frames);
        if (physical == 0)
        {
            return null;
        }

        byte* memory = (byte*)(MemoryLayout.DirectMap + physical);
        new Span<byte>(memory, (int)(frames * BootMemory.FrameBytes)).Clear();
        device.SetQueue(size, physical);
        return new BlockRequests(new SplitQueue(memory, size), memory + headers, physical + headers);
    }

    /// <summary>Without messages, or without a vector for them, the driver looks by itself from time to time.</summary>
    private readonly unsafe void Connect(PciFunction function, Event interrupted)
    {
        ulong table = Msix.TableAddress(function);
        int vector = table == 0 ? 0 : Interrupts.Add(interrupted);
        if (vector != 0)
        {
            Msix.Enable(function, Window.Map(table, MessageBytes, ref Memory), Apic.MessageAddress, vector);
        }
    }
}
