// VolumeInspector: looks at a volume with the kernel's own store, and never writes.
//
// It mounts, reads every frame that is in use (so that every checksum is tested), counts, and compares what objects say
// of each other: capabilities against the objects that they name, the process list against the processes.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Build.Volume;

/// <summary>Reports on a volume in a file. Made for one report.</summary>
public sealed class VolumeInspector : IDisposable
{
    private const int MemoryFrames = 8192;

    private readonly HostStore _host;
    private readonly VolumeReport _report = new();
    private readonly Dictionary<ulong, uint> _versions = [];
    private readonly HashSet<ulong> _listed = [];
    private readonly uint _scratch;

    private VolumeInspector(string path, uint protocol)
    {
        _host = new HostStore(path, isWritable: false, MemoryFrames, protocol);
        _scratch = _host.Frames.AllocateFrame();
    }

    /// <summary>
    /// Everything that is to be known of the volume in <paramref name="path"/>. With <paramref name="verify"/> the
    /// capabilities are followed, too. <see cref="System.IO.IOException"/> when the file cannot be opened.
    /// </summary>
    public static VolumeReport Inspect(string path, bool verify)
    {
        uint protocol;
        using (var first = new VolumeInspector(path, 0))
        {
            protocol = first.ReadVolumeHeaders();
        }

        using var inspector = new VolumeInspector(path, protocol);
        inspector.ReadVolumeHeaders();
        inspector.ReadCheckpointHeaders();
        inspector.Mount(verify);
        return inspector._report;
    }

    public void Dispose() => _host.Dispose();

    private uint ReadVolumeHeaders()
    {
        ulong blocks = _host.Disk.BlockCount;
        for (int copy = 0; blocks != 0 && copy < VolumeGeometry.Copies; copy++)
        {
            ulong block = copy == 0 ? 0 : (_report.Geometry.Blocks == 0 ? blocks : _report.Geometry.Blocks) - 1;
            bool isIntact = Read(block)
                && BlockHeader.IsIntact(_host.Memory, _scratch, VolumeHeader.MagicValue, Header.Name);
            _report.Headers.Add(new HeaderReport("volume", block, isIntact, 0));
            if (isIntact)
            {
                ref VolumeHeader header = ref _host.Memory.As<VolumeHeader>(_scratch);
                _report.VolumeId = header.Header.Name;
                _report.Format = header.Format;
                _report.Protocol = header.Protocol;
                _report.Geometry = header.Geometry;
                _report.Digest = Convert.ToHexStringLower(header.Digest);
            }
        }

        return _report.Protocol;
    }

    private void ReadCheckpointHeaders()
    {
        if (!_report.Geometry.IsPossible)
        {
            return;
        }

        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ReadHeader("checkpoint", _report.Geometry.CheckpointHeaderBlock(0, copy), CheckpointHeader.MagicValue);
            ReadHeader("checkpoint", _report.Geometry.CheckpointHeaderBlock(1, copy), CheckpointHeader.MagicValue);
            ReadHeader("mark", _report.Geometry.MarkBlock(copy), MigrationMark.MagicValue);
        }
    }

    private void ReadHeader(string what, ulong block, uint magic)
    {
        bool isIntact = Read(block) && BlockHeader.IsIntact(_host.Memory, _scratch, magic, _report.VolumeId);
        _report.Headers.Add(new HeaderReport(what, block, isIntact, isIntact ? Header.Generation : 0));
    }

    private void Mount(bool verify)
    {
        RecoveryResult result = _host.Mount();
        if (!result.IsMounted)
        {
            _report.Refusal = new StoreNotice(result.Refusal, result.First, result.Second).Text;
        }
        else
        {
            ReadGeneration(result.Generation);
            foreach (ulong oid in _host.Store.RecoveredProcesses)
            {
                _listed.Add(oid);
            }

            EachFrame(Count);
            CheckProcessList();
            if (verify)
            {
                EachFrame(CheckCapabilities);
            }
        }

        foreach (StoreNotice notice in _host.Log.Notices)
        {
            bool isObject = notice.Message is StoreMessage.ObjectBad or StoreMessage.ObjectUnreadable
                or StoreMessage.TagBlockBad or StoreMessage.MemoryFull;
            var error = new VolumeError(isObject ? notice.First : 0, notice.Text);
            if (!_report.Errors.Contains(error))
            {
                _report.Errors.Add(error);
            }
        }
    }

    private void ReadGeneration(ulong generation)
    {
        VolumeGeometry geometry = _report.Geometry;
        for (int copy = 0; copy < VolumeGeometry.Copies && _report.Generation == null; copy++)
        {
            if (!Read(geometry.CheckpointHeaderBlock(generation, copy))
                || !BlockHeader.IsIntact(_host.Memory, _scratch, CheckpointHeader.MagicValue, _report.VolumeId)
                || Header.Generation != generation)
            {
                continue;
            }

            CheckpointHeader header = _host.Memory.As<CheckpointHeader>(_scratch);
            GenerationHeader root = default;
            if (header.UnmigratedCount != 0 && Read(geometry.LogBlock(header.Unmigrated[0].Position)))
            {
                root = _host.Memory.As<GenerationHeader>(_scratch);
            }

            _report.Generation = new GenerationReport
            {
                Generation = generation,
                TimeNs = header.TimeNs,
                BootEpoch = header.BootEpoch,
                ProcessorFeatures = header.ProcessorFeatures,
                MigratedGeneration = header.MigratedGeneration,
                FirstPosition = root.FirstPosition,
                LogBlocks = root.Blocks,
                Frames = root.FrameCount,
                TagBlocks = root.TagCount,
            };
        }
    }

    /// <summary>Loads frame after frame; those in use are looked at, and dropped again.</summary>
    private void EachFrame(Action<int> look)
    {
        for (ulong frame = 0; frame < _report.Geometry.HomeFrames; frame++)
        {
            if (_host.Store.Load(frame) == Outcome.Ok)
            {
                int entry = _host.Frames.Find(frame);
                look(entry);
                _host.Frames.Remove(entry);
            }
        }
    }

    private void Count(int entry)
    {
        ref FrameEntry e = ref _host.Frames[entry];
        bool isNull = FrameImage.IsNull(_host.Memory, e.Pfn, e.Kind);
        Add(_report.Frames, (e.Kind, isNull) switch
        {
            (FrameKind.Free, _) => "free",
            (FrameKind.Page, true) => "zero page",
            (FrameKind.Page, false) => "page",
            (FrameKind.Pot, true) => "void pot",
            (FrameKind.Pot, false) => "pot",
            _ => "process",
        });

        if (e.Kind == FrameKind.Pot)
        {
            CountNodes(entry);
            return;
        }

        _versions[Name(e.Frame, 0, e.Kind)] = e.Version;
        if (e.Kind == FrameKind.Process)
        {
            ref ProcessFrame process = ref _host.Frames.Process(entry);
            ulong oid = Oid.Of(e.Frame).Value;
            _report.Processes.Add(new ProcessReport(oid, process.RunState, process.FaultCode, _listed.Contains(oid)));
            CountCapabilities(ProcessSlots(entry));
        }
    }

    private void CountNodes(int entry)
    {
        ulong frame = _host.Frames[entry].Frame;
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            ref Node node = ref _host.Frames.Pot(entry).Nodes[i];
            _versions[Name(frame, i, FrameKind.Pot)] = node.Version;
            if (CountCapabilities(node.Slots) != 0 || node.Kind != NodeKind.Plain)
            {
                Add(_report.Nodes, node.Kind);
            }
        }
    }

    private int CountCapabilities(ReadOnlySpan<Capability> slots)
    {
        int count = 0;
        foreach (Capability capability in slots)
        {
            if (capability.Type != CapabilityType.Void)
            {
                Add(_report.Capabilities, capability.Type);
                count++;
            }
        }

        return count;
    }

    private void CheckProcessList()
    {
        foreach (ulong oid in _listed)
        {
            if (!_report.Processes.Exists(process => process.Oid == oid))
            {
                _report.Errors.Add(new VolumeError(oid, "listed as a process, and is none"));
            }
        }

        foreach (ProcessReport process in _report.Processes)
        {
            bool shouldRun = process.State is RunState.Running or RunState.KernelWait;
            if (shouldRun != process.IsListed)
            {
                string what = process.IsListed ? "listed" : "not listed";
                _report.Errors.Add(new VolumeError(process.Oid, $"process is {process.State} and {what}"));
            }
        }
    }

    private void CheckCapabilities(int entry)
    {
        ref FrameEntry e = ref _host.Frames[entry];
        if (e.Kind == FrameKind.Process)
        {
            Check(e.Frame, 0, ProcessSlots(entry));
        }

        for (int i = 0; e.Kind == FrameKind.Pot && i < NodePot.NodeCount; i++)
        {
            Check(e.Frame, i, _host.Frames.Pot(entry).Nodes[i].Slots);
        }
    }

    /// <summary>No capability can be newer than the object that it names.</summary>
    private void Check(ulong frame, int index, ReadOnlySpan<Capability> slots)
    {
        for (int slot = 0; slot < slots.Length; slot++)
        {
            Capability capability = slots[slot];
            bool isCounted = capability.Type is CapabilityType.Resume or CapabilityType.FaultResume;
            FrameKind kind = KindOf(capability.Type);
            if (!capability.NamesObject || isCounted)
            {
                continue;
            }

            ulong name = Name(capability.Oid.Frame, capability.Oid.Index, kind);
            if (_versions.TryGetValue(name, out uint version) && capability.Version > version)
            {
                string what = $"slot {slot}: {capability.Type} capability has version {capability.Version}, "
                    + $"object {capability.Oid.Value:x12} only {version}";
                _report.Errors.Add(new VolumeError(Oid.Of(frame, index).Value, what));
            }
            else if (capability.Oid.Frame >= _report.Geometry.HomeFrames)
            {
                string what = $"slot {slot}: {capability.Type} capability names {capability.Oid.Value:x12}, "
                    + "beyond the volume";
                _report.Errors.Add(new VolumeError(Oid.Of(frame, index).Value, what));
            }
        }
    }

    private static FrameKind KindOf(CapabilityType type) => type switch
    {
        CapabilityType.Page => FrameKind.Page,
        CapabilityType.Node or CapabilityType.Space or CapabilityType.Forwarder => FrameKind.Pot,
        _ => FrameKind.Process,
    };

    private static ulong Name(ulong frame, int index, FrameKind kind) => (Oid.Of(frame, index).Value << 3) | (byte)kind;

    private static void Add<T>(SortedDictionary<T, long> counts, T what)
        where T : notnull => counts[what] = counts.GetValueOrDefault(what) + 1;

    /// <summary>Schedule, keeper, space and brand, then the registers: they stand side by side.</summary>
    private ReadOnlySpan<Capability> ProcessSlots(int entry)
    {
        const int First = 256;
        const int Bytes = (4 + Node.SlotCount) * Capability.SizeInBytes;
        return MemoryMarshal.Cast<byte, Capability>(_host.Frames.Bytes(entry).Slice(First, Bytes));
    }

    private ref BlockHeader Header => ref _host.Memory.As<BlockHeader>(_scratch);

    private bool Read(ulong block)
    {
        var transfer = new DiskTransfer { FirstBlock = block, Count = 1 };
        transfer.Frames[0] = _scratch;
        _host.Disk.Start(transfer);
        return _host.Disk.Wait(transfer) == Outcome.Ok;
    }
}
