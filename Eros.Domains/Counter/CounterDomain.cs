// CounterDomain: the smallest server. Its one field is there after a power cut, and nothing here sees to that.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Counter;

/// <summary>Counts the calls that were ever made to it.</summary>
[Domain]
public sealed partial class CounterDomain : Domain, ICounter
{
    private ulong _count;

    public Result Increment(out ulong count)
    {
        count = ++_count;
        return Result.Ok;
    }
}
