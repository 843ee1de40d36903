// CounterDomain: the smallest server. Its one field is there after a power cut, and nothing here sees to that.

using Eros.Domains.Runtime;

namespace Eros.Domains.Counter;

/// <summary>Counts the calls that were ever made to it.</summary>
[Domain]
public sealed partial class CounterDomain : Domain, ICounter
{
    private ulong _count;

    public ulong Increment() => ++_count;
}
