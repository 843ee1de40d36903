using System.Collections.Generic;
using System.Linq;
using Eros.Domains.BustleWorker;

namespace Eros.Build.Plug;

/// <summary>What was under way in the states that machines came back to, added up.</summary>
public sealed class UnderWay
{
    private readonly SortedDictionary<BustleTask, SortedDictionary<BustleStep, int>> _steps = [];
    private readonly SortedDictionary<string, int> _inside = [];

    /// <summary>States that were looked at.</summary>
    public int States { get; private set; }

    /// <summary>Those with bytes in the pipe.</summary>
    public int WithBytes { get; private set; }

    /// <summary>All bytes in pipes.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>Calls of products that were not answered yet.</summary>
    public int Calls { get; private set; }

    /// <summary>In how many states a domain was in the middle of a request, by its name.</summary>
    public IReadOnlyDictionary<string, int> Inside => _inside;

    /// <summary>In the middle of what the workers of a task were, how often.</summary>
    public IEnumerable<(string Task, int Count, string Steps)> Operations =>
        _steps.Select(task => (
            task.Key.ToString().ToLowerInvariant(),
            task.Value.Values.Sum(),
            string.Join(", ", task.Value.Select(step => $"{step.Key} {step.Value}".ToLowerInvariant()))));

    internal void Add(SavedBustle state)
    {
        States++;
        WithBytes += state.BytesInPipe > 0 ? 1 : 0;
        Bytes += state.BytesInPipe;
        Calls += state.Calls;
        foreach (string name in state.Busy)
        {
            _inside[name] = _inside.GetValueOrDefault(name) + 1;
        }

        foreach (BustleRecord worker in state.Workers.Where(worker => worker.Step != BustleStep.None))
        {
            if (!_steps.TryGetValue(worker.Task, out SortedDictionary<BustleStep, int>? steps))
            {
                _steps.Add(worker.Task, steps = []);
            }

            steps[worker.Step] = steps.GetValueOrDefault(worker.Step) + 1;
        }
    }
}
