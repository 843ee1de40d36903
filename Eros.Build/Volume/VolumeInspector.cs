// VolumeInspector: looks at a volume, and never writes.
//
// The kernel's own store mounts it, and says what it would come back to, or why it would not. Then everything is read
// block by block, whether or not it could be mounted, with the structures that the kernel has it in; and what objects
// say of each other is compared: capabilities with the objects that they name, the process list with the processes.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Build.Volume;

/// <summary>Reports on a volume in a file. Made for one report.</summary>
public sealed class VolumeInspector : IDisposable
{
    private readonly HostStore _host;
    private readonly VolumeReport _report = new();
    private readonly BlockReader _reader;
    private readonly uint _scratch;
    private readonly string _path;

    private VolumeInspector(string path, uint protocol, IReadOnlyDictionary<ulong, byte[]>? layer)
    {
        _path = path;
        _host = new HostStore(path, isWritable: false, HostStore.FramesToLook, protocol, layer: layer);
        _reader = new BlockReader(_host.Disk, _host.Memory);
        _scratch = _host.Frames.AllocateFrame();
    }

    /// <summary>
    /// Everything that is to be known of the volume in <paramref name="path"/>. With <paramref name="verify"/> every
    /// block that is in use is read and checked, and capabilities are followed.
    /// A <paramref name="layer"/> has blocks that stand in place of the file's. <see cref="System.IO.IOException"/>
    /// when the file cannot be opened.
    /// </summary>
    public static VolumeReport Inspect(
        string path, bool verify, IReadOnlyDictionary<ulong, byte[]>? layer = null)
    {
        VolumeHeader? header = VolumeFile.ReadHeader(path);
        using var inspector = new VolumeInspector(path, header?.Protocol ?? 0, layer);
        RecoveryResult result = inspector._host.Mount();
        VolumeReport report = inspector._report;
        if (!result.IsMounted)
        {
            report.Refusal = new StoreNotice(result.Refusal, result.First, result.Second).Text;
        }

        if (header is { Format: >= VolumeHeader.OldestFormat and <= VolumeHeader.FormatVersion } sound
            && sound.Geometry.IsPossible)
        {
            inspector.Describe(sound);
            report.Refusal ??= layer is null ? MirrorFile.RefusalOf(report.Mirror) : null;
            inspector.TakeNotices();
            inspector.Look(result, verify);
        }

        return report;
    }

    public void Dispose() => _host.Dispose();

    private void Describe(in VolumeHeader header)
    {
        _report.VolumeId = header.Header.Name;
        _report.Format = header.Format;
        _report.Protocol = header.Protocol;
        _report.Geometry = header.Geometry;
        _report.Digest = Convert.ToHexStringLower(header.Digest);
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            ReadHeader("volume", header.Geometry.VolumeHeaderBlock(copy), VolumeHeader.MagicValue);
            ReadHeader("checkpoint", header.Geometry.CheckpointHeaderBlock(0, copy), CheckpointHeader.MagicValue);
            ReadHeader("checkpoint", header.Geometry.CheckpointHeaderBlock(1, copy), CheckpointHeader.MagicValue);
            ReadHeader("mark", header.Geometry.MarkBlock(copy), MigrationMark.MagicValue);
            ReadHeader("mirror", header.Geometry.MirrorBlock(copy), MirrorRecord.MagicValue);
            TakeMirror();
        }
    }

    private void ReadHeader(string what, ulong block, uint magic)
    {
        HeaderState state = !_reader.Read(block, _scratch) ? HeaderState.Unreadable
            : BlockHeader.IsIntact(_reader.Memory, _scratch, magic, _report.VolumeId) ? HeaderState.Intact
            : FrameImage.IsNull(_reader.Memory, _scratch, FrameKind.Page) ? HeaderState.Empty
            : HeaderState.Damaged;
        ulong generation = _reader.Memory.As<BlockHeader>(_scratch).Generation;
        _report.Headers.Add(new HeaderReport(what, block, state, state == HeaderState.Intact ? generation : 0));
    }

    /// <summary>Takes the mirror record that was read last, if it is the newest.</summary>
    private void TakeMirror()
    {
        ref MirrorRecord record = ref _reader.Memory.As<MirrorRecord>(_scratch);
        if (_report.Headers[^1] is { State: not HeaderState.Intact } header)
        {
            _report.Errors.Add(new VolumeError(null, $"the mirror record in block {header.Block} is damaged"));
        }
        else if (!(_report.Mirror?.Events >= record.Header.Generation))
        {
            _report.Mirror = new MirrorReport(record.Header.Generation, record.Member, record.InStep);
        }
    }

    /// <summary>What the store had to say of headers.</summary>
    private void TakeNotices()
    {
        foreach (StoreNotice notice in _host.Log.Notices)
        {
            var error = new VolumeError(null, notice.Text);
            if (!_report.Errors.Contains(error))
            {
                _report.Errors.Add(error);
            }
        }
    }

    private void Look(in RecoveryResult result, bool verify)
    {
        var contents = new GenerationContents(_reader, _report, _scratch);
        uint pinned = 0;
        if (ReadCheckpoint(result) is { } header)
        {
            pinned = header.PinnedFrames;
            contents.Read(header);
            JournalScan.Run(_reader, _report, header.Header.Generation, _scratch);
            GenerationHeader newest = contents.Roots.GetValueOrDefault(header.Header.Generation);
            newest.Header = header.Header;
            newest.Facts = new SnapshotFacts
            {
                TimeNs = header.TimeNs,
                BootEpoch = header.BootEpoch,
                ProcessorFeatures = header.ProcessorFeatures,
                ProcessFrames = header.ProcessFrames,
                PinnedFrames = header.PinnedFrames,
            };
            _report.Generation = GenerationReport.Of(newest);
            _report.MigratedGeneration = header.MigratedGeneration;
            HashSet<ulong> bootable = [.. Bootable(header.Header.Name)];
            _report.Kept.AddRange(contents.Roots.Values
                .Where(root => bootable.Contains(root.Header.Generation))
                .Select(GenerationReport.Of));
        }

        new ObjectScan(_reader, contents, _report, _scratch, verify).Run();
        CheckProcessList(contents.Processes);
        CheckPins(pinned);
        if (verify)
        {
            CheckCapabilities();
        }
    }

    /// <summary>S7.</summary>
    private void CheckPins(uint counted)
    {
        long pinned = _report.Frames.GetValueOrDefault(ObjectScan.Pinned);
        if (pinned != counted)
        {
            _report.Errors.Add(new VolumeError(null, $"{pinned} frames are pinned, and the header counts {counted}"));
        }
    }

    private ulong[] Bootable(ulong id)
    {
        VolumeHeader header = default;
        header.Header.Name = id;
        header.Geometry = _report.Geometry;
        try
        {
            using var view = new GenerationView(
                header, block => _reader.Read(block, _scratch) ? _reader.Memory.Bytes(_scratch).ToArray() : null);
            return [.. VolumeFile.BootableOf(_path, view)];
        }
        catch (GenerationException e)
        {
            _report.Errors.Add(new VolumeError(null, e.Message));
            return [];
        }
    }

    /// <summary>The header of the generation that was mounted; if none was, the newest one that is intact.</summary>
    private CheckpointHeader? ReadCheckpoint(in RecoveryResult result)
    {
        HeaderReport[] headers =
            [.. _report.Headers.Where(header => header is { What: "checkpoint", State: HeaderState.Intact })];
        if (headers.Length == 0)
        {
            return null;
        }

        ulong generation = result.IsMounted ? result.Generation : headers.Max(header => header.Generation);
        return _reader.Read(headers.First(header => header.Generation == generation).Block, _scratch)
            ? _reader.Memory.As<CheckpointHeader>(_scratch)
            : null;
    }

    private void CheckProcessList(IReadOnlySet<ulong> listed)
    {
        foreach (ulong oid in listed.Except(_report.Processes.Select(process => process.Oid)))
        {
            _report.Errors.Add(new VolumeError(oid, "listed as a process, and none can be read there"));
        }

        foreach (ProcessReport process in _report.Processes)
        {
            RunState state = process.Frame.RunState;
            bool shouldRun = state is RunState.Running or RunState.KernelWait;
            if (shouldRun != process.IsListed)
            {
                string what = process.IsListed ? "listed" : "not listed";
                _report.Errors.Add(new VolumeError(process.Oid, $"process is {state} and {what}"));
            }
        }
    }

    private void CheckCapabilities()
    {
        foreach (ProcessReport process in _report.Processes)
        {
            ProcessFrame frame = process.Frame;
            Check(process.Oid, frame.Registers);
        }

        foreach (NodeReport report in _report.Nodes)
        {
            Node node = report.Node;
            Check(report.Oid, node.Slots);
        }
    }

    /// <summary>No capability can be newer than the object that it names.</summary>
    private void Check(ulong oid, ReadOnlySpan<Capability> slots)
    {
        for (int slot = 0; slot < slots.Length; slot++)
        {
            Capability capability = slots[slot];
            bool isCounted = capability.Type is CapabilityType.Resume or CapabilityType.FaultResume;
            if (!capability.NamesObject || isCounted)
            {
                continue;
            }

            FrameKind kind = VolumeReport.KindOf(capability.Type);
            ulong target = capability.Oid.Value;
            if (_report.Versions.TryGetValue((kind, target), out ulong version) && capability.Version > version)
            {
                string what = $"slot {slot}: {capability.Type} capability has version {capability.Version}, "
                    + $"object {target:x12} only {version}";
                _report.Errors.Add(new VolumeError(oid, what));
            }
            else if (capability.Oid.Frame >= _report.Geometry.HomeFrames)
            {
                string what = $"slot {slot}: {capability.Type} capability names {target:x12}, beyond the volume";
                _report.Errors.Add(new VolumeError(oid, what));
            }
        }
    }
}
