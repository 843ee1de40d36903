// Machine: this computer, composed. Everything is made here, once, and every concrete type is named here; then the
// allocator is sealed and the scheduler goes to the first thread.

using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Bus;
using Eros.Hal.Firmware;
using Eros.Hal.Input;
using Eros.Hal.Interrupts;
using Eros.Hal.Serial;
using Eros.Hal.Storage;
using Eros.Hal.Timers;
using Eros.Hal.Video;
using Eros.Hal.X64;
using Eros.Kernel;
using Eros.Kernel.Boot;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;

namespace Eros.Hal.Image;

/// <summary>The machine that the kernel runs on, and the kernel on it.</summary>
internal sealed unsafe partial class Machine
{
    private readonly Counters _counters = new();
    private readonly PhysicalMemory _memory;
    private readonly X64Processor _processor;
    private readonly LocalApic _apic;
    private readonly IoApic _ioApic;
    private readonly X64Clock _clock;
    private readonly InterruptTable _interrupts = new();
    private readonly Scheduler _scheduler;
    private readonly Eros.Kernel.Kernel _kernel;
    private Madt _madt;
    private DeviceWindow _window;

    public Machine(ref BootInfo info, KernelTables tables, in CpuFeatures cpu, ulong start)
    {
        byte* directMap = (byte*)MemoryLayout.DirectMap;
        _window = new DeviceWindow(tables);
        AcpiTables acpi = new(new PhysicalWindow(directMap, info.Memory.Top + KernelTables.LargePageBytes), info.Rsdp);
        if (!_madt.Read(acpi.Find(Madt.Signature)))
        {
            LastWords.Refuse(directMap, "the ACPI tables name no I/O APIC"u8);
        }

        LegacyPic.Disable();
        _apic = new LocalApic(Map(_madt.LocalApic));
        _apic.Enable();
        _ioApic = new IoApic(Map(_madt.IoApic), _madt.IoApicFirst);
        _ioApic.MaskAll();
        Calibration calibration = Calibration.Measure(_apic);
        if (calibration.TimestampHz == 0)
        {
            LastWords.Refuse(directMap, "the interval timer does not count"u8);
        }

        _clock = new X64Clock(_apic, calibration);
        _counters.Values.TimestampHz = calibration.TimestampHz;
        _counters.Values.EntryTimestamp = start;
        _processor = MakeProcessor(tables);
        _memory = new PhysicalMemory(directMap, (uint)(info.Memory.Top / BootMemory.FrameBytes));
        MarkedStoreEvents events = new();
        FrameTable frames = new(_memory, (int)(info.Memory.UsableBytes / BootMemory.FrameBytes), events);
        X64Mmu mmu = new((uint)(tables.Root / KernelTables.PageBytes));
        AddressSpaces spaces = new(frames, _memory, mmu, _processor.State, _counters);
        ActivityTable activities = new();
        _scheduler = new Scheduler(activities, _processor, _clock, _counters);
        AcpiPower power = new(new Fadt(acpi));
        X64Devices devices = new(info.Memory, _madt, _ioApic, _apic.ApicId, tables, Map(_madt.LocalApic));
        _kernel = new Eros.Kernel.Kernel(
            _memory, frames, spaces, activities, _scheduler, _processor, _clock, power, devices, _counters);
        events.Attach(_kernel);
        _scheduler.Attach(new DomainRunner(_kernel));
        _ = new Traps(_kernel, _processor, _clock, _apic, _interrupts);
        AddConsole(directMap);
        Report(info, cpu);
        MirroredDisk? disk = FindDisks(events);
        AddStore(info, disk, frames, events);
        Measure(disk, events);
        GiveFrames(ref info, frames);
    }

    /// <summary>Goes to the first thread; never returns.</summary>
    public void Run()
    {
        BootHeap.Seal();

        // The boot itself does not count as a stretch with the gate closed.
        _processor.EnterFromUser();
        _scheduler.Dispatch();
    }

    private byte* Map(ulong physical) => _window.Map(physical, KernelTables.PageBytes, ref BootHeap.Memory);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private X64Processor MakeProcessor(KernelTables tables)
    {
        KernelStacks stacks = default;
        ulong faultStacks = BootHeap.Memory.TakeFrames(3);
        if (faultStacks == 0 || !stacks.Map(Limits.KernelThreads + 1, tables, ref BootHeap.Memory))
        {
            LastWords.Refuse((byte*)MemoryLayout.DirectMap, KernelEntry.TooLittleMemory);
        }

        ulong entryStack = (ulong)(delegate*<void>)&BootStackTop;
        X64Processor processor = new(entryStack, stacks, _counters);
        ulong firstTop = MemoryLayout.DirectMap + faultStacks + KernelTables.PageBytes;
        new ProcessorTables(entryStack, firstTop, KernelTables.PageBytes).Load();
        CpuSetup.SetBlock(ref processor.State.Trap);
        return processor;
    }

    private void AddConsole(byte* directMap)
    {
        Uart16550 uart = new(Uart16550.FirstPort);
        ConsoleThread console = new(_kernel, uart, (ushort*)(directMap + TextScreen.Address));
        Connect(Uart16550.FirstLine, _kernel.Services.ConsoleDue);
        if (KeyboardController.Enable())
        {
            Connect(KeyboardController.Line, _kernel.Services.ConsoleDue);
        }

        _scheduler.Add(console);
    }

    private void Connect(int isaLine, Event onInterrupt) =>
        _ioApic.Connect(_madt.Isa(isaLine), _interrupts.Add(onInterrupt), _apic.ApicId);

    private void Report(in BootInfo info, in CpuFeatures cpu)
    {
        _kernel.Log.Begin(default).Decimal(info.Memory.UsableBytes >> 20).Text(" MB of memory"u8).End();
        if (cpu.MayMelt)
        {
            _kernel.Log.Begin("warning: domains may read the kernel's memory (Meltdown)"u8).End();
        }
    }

    private MirroredDisk? FindDisks(StoreEvents events)
    {
        DiskProbe probe = new()
        {
            Kernel = _kernel,
            Apic = _apic,
            Interrupts = _interrupts,
            Window = ref _window,
            Memory = ref BootHeap.Memory,
        };
        VirtioBlock?[] disks = new VirtioBlock?[MirrorRecord.Members];
        probe.Find(new PortConfig(), disks);
        if (probe.Trouble.Length != 0)
        {
            _kernel.Log.Begin("a disk cannot be used: it "u8).Text(probe.Trouble).End();
        }

        if (disks[0] is not { } first)
        {
            return null;
        }

        _scheduler.Add(first.Driver);
        VirtioBlock? second = disks[1];
        ulong frames = BootHeap.Memory.TakeFrames(
            second == null ? MirroredDisk.FramesOfOne : MirroredDisk.FramesNeeded);
        if (frames == 0)
        {
            LastWords.Refuse((byte*)MemoryLayout.DirectMap, KernelEntry.TooLittleMemory);
        }

        uint frame = (uint)(frames / BootMemory.FrameBytes);
        MirroredDisk disk = new(_memory, events, first, second, frame);
        if (second != null)
        {
            _scheduler.Add(second.Driver);
            _scheduler.Add(new MirrorThread(_kernel, disk));
        }

        return disk;
    }

    private void AddStore(in BootInfo info, MirroredDisk? disk, FrameTable frames, StoreEvents events)
    {
        SingleLevelStore store = new(
            _memory, frames, _processor, events, ProtocolVersion.Current, CpuFeatures.VectorComponents);
        uint first = (uint)(info.ModuleStart / BootMemory.FrameBytes);
        RamDisk? pristine = info.ModuleBytes == 0
            ? null
            : new RamDisk(_memory, first, (uint)(info.ModuleBytes / BootMemory.FrameBytes));
        VolumeChoice choice = new(_kernel, disk, pristine, first);
        PagerThread pager = new(_kernel, store);
        _kernel.Services.Pager = pager;
        _scheduler.Add(pager);
        _scheduler.Add(new CheckerThread(_kernel));
        _scheduler.Add(new StoreThread(_kernel, store, events, choice));
    }

    /// <summary>What the boot has not used belongs to the frame table.</summary>
    private static void GiveFrames(ref BootInfo info, FrameTable frames)
    {
        BootMemory whole = BootHeap.Whole;
        BootMemory rest = BootHeap.Memory;
        info.Memory.Add(whole.Low, rest.Low - whole.Low, MemoryKind.Taken);
        info.Memory.Add(rest.High, whole.High - rest.High, MemoryKind.Taken);
        for (ulong from = 0; info.Memory.NextFree(from, out MemoryRange free); from = free.End)
        {
            BootMemory range = new(free.Start, free.End);
            if (range.High > range.Low)
            {
                ulong count = (range.High - range.Low) / BootMemory.FrameBytes;
                frames.AddFreeFrames((uint)(range.Low / BootMemory.FrameBytes), (uint)count);
            }
        }
    }

    /// <summary>Of MeasuredImage, as OnPhase below; in this image there is neither.</summary>
    partial void Measure(MirroredDisk? disk, MarkedStoreEvents events);

    [RuntimeImport("*", "BootStackTop")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void BootStackTop();

    /// <summary>The kernel's ear at the store, which also marks the phases for tests.</summary>
    private sealed partial class MarkedStoreEvents : StoreEvents
    {
        protected override void Mark(StorePhase phase)
        {
            DebugMarks.Phase(phase);
            OnPhase(phase);
        }

        partial void OnPhase(StorePhase phase);
    }
}
