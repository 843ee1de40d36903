using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Eros.Build.Qemu;
using Eros.Domains.BustleWorker;

namespace Eros.Build.Plug;

/// <summary>Reads what `run bustle` prints.</summary>
public static class BustleReport
{
    /// <summary>The workers' records.</summary>
    /// <exception cref="MachineException">They could not be set to work.</exception>
    public static IReadOnlyList<BustleRecord> Parse(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string[] lines = answer.Split('\n');
        return lines[0].EndsWith(" workers, done", StringComparison.Ordinal)
            ? [.. lines.Skip(1).Select(Worker)]
            : throw new MachineException($"the workers could not be set to work: {answer}");
    }

    private static BustleRecord Worker(string line)
    {
        ulong[] words = [.. line.Split(' ').Select(word => ulong.Parse(word, CultureInfo.InvariantCulture))];
        return new BustleRecord
        {
            Task = (BustleTask)words[0],
            Step = (BustleStep)words[1],
            Rounds = words[2],
            Wrong = words[3],
            FirstWrong = words[4],
            Done = words[5],
            UnderWay = words[6],
        };
    }
}
