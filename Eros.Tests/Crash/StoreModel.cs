// StoreModel: what the store should hold, now and at each snapshot: plain dictionaries.

using System.Collections.Generic;

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
    private readonly Dictionary<ulong, ModelState> _snapshots = [];

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

    /// <summary>Pages whose journalling failed: a restart may find them so, too.</summary>
    public List<(ulong Frame, FrameModel Page)> Unsure { get; } = [];

    /// <summary>A page is journalled: a restart that comes back to the newest generation finds it so.</summary>
    public void Journal(ulong frame, FrameModel page)
    {
        // The state itself may be another model's, too.
        ModelState before = _snapshots[Acknowledged];
        ModelState state = before.Copy();
        state.Replaced.AddRange([.. before.Replaced, (frame, before[frame])]);
        state.Frames[frame] = page;
        _snapshots[Acknowledged] = state;
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
        foreach ((ulong generation, ModelState state) in _snapshots)
        {
            model._snapshots.Add(generation, state);
        }

        return model;
    }

    public void TakeSnapshot(ulong generation)
    {
        Snapshotted = generation;
        _snapshots[generation] = Now.Copy();
        _snapshots.Remove(generation - 3);
    }

    public void Commit(ulong generation) => Acknowledged = generation;

    /// <summary>The state that was saved as a generation, null when there never was one.</summary>
    public ModelState? At(ulong generation) => _snapshots.GetValueOrDefault(generation);

    /// <summary>A model of a machine that came back to <paramref name="generation"/>.</summary>
    public StoreModel RestartedAt(ulong generation)
    {
        StoreModel model = Restarted(generation, _snapshots[generation]);
        if (_snapshots.TryGetValue(generation - 1, out ModelState? previous))
        {
            model._snapshots[generation - 1] = previous;
        }

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
}
