// StoreModel: what the store should hold, now and at each snapshot: plain dictionaries.

using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Tests.Crash;

/// <summary>The whole state at one instant.</summary>
public sealed class ModelState
{
    public Dictionary<ulong, FrameModel> Frames { get; private init; } = [];

    /// <summary>Frames of the processes that run.</summary>
    public SortedSet<ulong> Running { get; private init; } = [];

    /// <summary>What the checkpoint had of pages that were journalled since, and older records of them.</summary>
    public List<(ulong Frame, FrameModel Page)> Replaced { get; } = [];

    public ulong TimeNs { get; set; }

    public ulong BootEpoch { get; set; }

    public FrameModel this[ulong frame] => Frames.GetValueOrDefault(frame, FrameModel.Free);

    public ModelState Copy() => new()
    {
        TimeNs = TimeNs,
        BootEpoch = BootEpoch,
        Frames = new Dictionary<ulong, FrameModel>(Frames),
        Running = new SortedSet<ulong>(Running),
    };
}

/// <summary>The present state, and those of the snapshots that a restart may come back to.</summary>
public sealed class StoreModel
{
    /// <summary>As many as a header can list, and the one being made.</summary>
    private const ulong MostSnapshots = CheckpointHeader.MaxUnmigrated + 1;

    // What was saved, and the same with what was journalled afterwards, where anything was.
    private readonly Dictionary<ulong, ModelState> _snapshots = [];
    private readonly Dictionary<ulong, ModelState> _journalled = [];

    public ModelState Now { get; private set; } = new();

    /// <summary>The newest generation that the store said was committed.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>
    /// The generation whose snapshot was taken last; one more than <see cref="Acknowledged"/> while it is being
    /// written.
    /// </summary>
    public ulong Snapshotted { get; private set; }

    /// <summary>A page that is being journalled, as it was captured: a restart may find it so.</summary>
    public (ulong Frame, FrameModel Page)? UnderWay { get; set; }

    /// <summary>Pages whose journalling failed, with the generation that was the newest then: a restart that comes back
    /// to that may find them so, too.</summary>
    public List<(ulong Generation, ulong Frame, FrameModel Page)> Unsure { get; } = [];

    /// <summary>A page is journalled: a restart that comes back to the newest generation finds it so, and pinned as in
    /// that.</summary>
    public void Journal(ulong frame, FrameModel page)
    {
        // The state itself may be another model's, too.
        ModelState before = At(Acknowledged)!;
        ModelState state = before.Copy();
        state.Replaced.AddRange([.. before.Replaced, (frame, before[frame])]);
        state.Frames[frame] = page.Pinned(before[frame].IsPinned);
        _journalled[Acknowledged] = state;
    }

    /// <summary>Another model with the same past.</summary>
    public StoreModel Fork()
    {
        var model = new StoreModel
        {
            Now = Now,
            Acknowledged = Acknowledged,
            Snapshotted = Snapshotted,
            UnderWay = UnderWay,
        };
        Copy(_snapshots, model._snapshots);
        Copy(_journalled, model._journalled);

        return model;
    }

    public void TakeSnapshot(ulong generation)
    {
        Snapshotted = generation;
        _snapshots[generation] = Now.Copy();
        _journalled.Remove(generation);
        _snapshots.Remove(generation - MostSnapshots);
        _journalled.Remove(generation - MostSnapshots);
    }

    public void Commit(ulong generation) => Acknowledged = generation;

    /// <summary>The state that a restart finds at a generation, null when there never was one.</summary>
    public ModelState? At(ulong generation) =>
        _journalled.GetValueOrDefault(generation) ?? _snapshots.GetValueOrDefault(generation);

    /// <summary>The generations whose states are known.</summary>
    public IEnumerable<ulong> Generations => _snapshots.Keys;

    /// <summary>A model of a view of an older generation: as it was saved.</summary>
    public StoreModel ViewedAt(ulong generation)
    {
        StoreModel model = Fork();
        model.UnderWay = null;
        model._journalled.Remove(generation);
        model.Commit(generation);
        return model;
    }

    /// <summary>A model of a machine that came back to <paramref name="generation"/>.</summary>
    public StoreModel RestartedAt(ulong generation)
    {
        StoreModel model = Fork();
        model.UnderWay = null;
        model.Acknowledged = generation;
        model.Snapshotted = generation;
        model.Now = At(generation)!.Copy();
        model.Now.BootEpoch++;
        model._snapshots.Remove(generation + 1);
        model._journalled.Remove(generation + 1);
        return model;
    }

    /// <summary>A model of a machine that came back to a state that was saved as <paramref name="generation"/>, and
    /// knows no other.</summary>
    public static StoreModel Restarted(ulong generation, ModelState state)
    {
        var model = new StoreModel { Acknowledged = generation, Snapshotted = generation, Now = state.Copy() };
        model.Now.BootEpoch++;
        model._snapshots[generation] = state;
        return model;
    }

    private static void Copy(Dictionary<ulong, ModelState> from, Dictionary<ulong, ModelState> to)
    {
        foreach ((ulong generation, ModelState state) in from)
        {
            to.Add(generation, state);
        }
    }
}
