using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Clock;

/// <summary>How long the machine has run since its volume was made, with all its restarts.</summary>
[Domain]
public sealed partial class ClockDomain : Domain, IPane
{
    private const ulong NsPerSecond = 1_000_000_000;

    [Capability]
    internal partial ISleep Sleep { get; }

    /// <inheritdoc/>
    public Result Draw(out string lines)
    {
        Result result = Sleep.Now(out ulong time, out _);
        ulong seconds = time / NsPerSecond;
        lines = $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}\nof running";
        return result;
    }

    /// <inheritdoc/>
    public Result Obey(string command) => Result.BadArgument;
}
