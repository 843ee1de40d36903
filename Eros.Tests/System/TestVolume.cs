using System;
using System.Collections.Generic;
using System.IO;
using Eros.Build.Volume;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;
using Iced.Intel;

namespace Eros.Tests.SystemTests;

/// <summary>A volume with processes made by hand, to run the kernel without any of the domains.</summary>
/// <remarks>Each process has its code at <see cref="CodeAddress"/>, and a page to write in behind it.</remarks>
internal sealed class TestVolume : StoreObserver, IDisposable
{
    public const ulong CodeAddress = 0x10000;
    public const ulong DataAddress = 0x11000;

    /// <summary>Each of them has as many of the volume's frames.</summary>
    public const int FramesPerProcess = 4;

    private const int Frames = 4096;
    private const uint Blocks = 4096;
    private const byte Mxcsr = 0x1F;
    private const int MxcsrOffset = 25;

    private readonly HostMemory _host = new(1 + Frames + (int)Blocks);
    private readonly FrameTable _frames;
    private readonly RamDisk _disk;
    private readonly SingleLevelStore _store;
    private readonly List<ulong> _processes = [];

    public TestVolume()
    {
        HostGate gate = new();
        _disk = new RamDisk(_host.Memory, 1 + Frames, Blocks);
        FrameTable scratch = MakeFrames();
        VolumeBuilder builder = new(new MountedVolume(_host.Memory, scratch, gate, this));
        Demand(builder.Format(_disk, VolumeBuilder.GeometryFor(Blocks), 1, ProtocolVersion.Current, []));
        _frames = MakeFrames();
        _store = new SingleLevelStore(_host.Memory, _frames, gate, this, ProtocolVersion.Current, 7);
        Demand(_store.Mount(_disk).IsMounted ? Outcome.Ok : Outcome.BadBlock);
        Demand(_store.Migrate());
    }

    /// <summary>Adds a process that begins to run at the first boot.</summary>
    /// <param name="priority">0 to 31.</param>
    /// <param name="program">Writes its code.</param>
    /// <param name="registers">Its capability registers from 1 on.</param>
    public Capability AddProcess(uint priority, Action<Assembler> program, params ReadOnlySpan<Capability> registers)
    {
        ulong first = (ulong)(1 + _processes.Count) * FramesPerProcess;
        int code = Create(first, FrameKind.Page);
        Assemble(program).CopyTo(_frames.Bytes(code));
        int data = Create(first + 1, FrameKind.Page);
        int pot = Create(first + 2, FrameKind.Pot);
        ref Node node = ref _frames.Pot(pot).Nodes[0];
        node.Kind = NodeKind.Space;
        node.SlotLog2 = Guard.PageLog2;
        node.Slots[(int)(CodeAddress >> Guard.PageLog2)] = Of(CapabilityType.Page, code, Guard.PageLog2);
        node.Slots[(int)(DataAddress >> Guard.PageLog2)] = Of(CapabilityType.Page, data, Guard.PageLog2);
        int process = Create(first + 3, FrameKind.Process);
        ref ProcessFrame frame = ref _frames.Process(process);
        frame.RunState = RunState.Running;
        frame.Rip = CodeAddress;
        frame.Rflags = 0x202;
        frame.Schedule = new Capability(CapabilityType.Schedule, default, 0, priority);
        frame.Space = Of(CapabilityType.Space, pot, Guard.PageLog2 + Guard.NodeLog2);
        unsafe
        {
            frame.VectorState[MxcsrOffset] = Mxcsr;
        }

        for (int i = 0; i < registers.Length; i++)
        {
            frame.Registers[i + 1] = registers[i];
        }

        _processes.Add(Oid.Of(first + 3).Value);
        return new Capability(CapabilityType.Start, Oid.Of(first + 3), _frames[process].Version);
    }

    /// <summary>Makes the first checkpoint and writes the volume to a file.</summary>
    public void Save(string path)
    {
        Demand(_store.Checkpoint());
        Demand(_store.Migrate());
        using FileStream file = File.Create(path);
        for (uint block = 0; block < Blocks; block++)
        {
            file.Write(_host.Memory.Bytes(1 + Frames + block));
        }
    }

    public void Dispose() => _host.Dispose();

    public override void Protect()
    {
    }

    public override int CollectProcesses(Span<ulong> oids)
    {
        _processes.CopyTo(oids);
        return _processes.Count;
    }

    public override ulong TimeNs() => 0;

    public override void SpaceLow()
    {
    }

    public override void MemoryLow()
    {
    }

    public override void SpaceFreed()
    {
    }

    public override void Loaded(ulong frame, Outcome outcome)
    {
    }

    public override void Phase(StorePhase phase)
    {
    }

    public override void Committed(ulong generation)
    {
    }

    public override void Settled(ulong generation)
    {
    }

    public override void Report(StoreMessage message, ulong first, ulong second)
    {
    }

    private static byte[] Assemble(Action<Assembler> program)
    {
        Assembler assembler = new(64);
        program(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), CodeAddress);
        return stream.ToArray();
    }

    private static void Demand(Outcome outcome)
    {
        if (outcome != Outcome.Ok)
        {
            throw new InvalidOperationException($"the test volume cannot be made: {outcome}");
        }
    }

    private FrameTable MakeFrames()
    {
        FrameTable frames = new(_host.Memory, Frames, this);
        frames.AddFreeFrames(1, Frames);
        return frames;
    }

    private int Create(ulong frame, FrameKind kind)
    {
        Demand(_store.Load(frame));
        int entry = _frames.Find(frame);
        if (_frames.MakeDirty(entry) == Outcome.NoSpace)
        {
            // More than one generation holds.
            Demand(_store.Checkpoint());
            Demand(_store.Migrate());
            Demand(_frames.MakeDirty(entry));
        }

        Demand(_frames.Retype(entry, kind));
        _frames.Create(entry, kind, 0);
        return entry;
    }

    private Capability Of(CapabilityType type, int entry, int log2) =>
        new(type, Oid.Of(_frames[entry].Frame), _frames.VersionOf(entry, 0), Guard.At0(log2).Value);
}
