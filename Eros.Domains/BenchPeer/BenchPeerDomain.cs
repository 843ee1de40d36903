using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BenchPeer;

/// <summary>Answers as fast as it can, in a space of its own.</summary>
[Domain]
public sealed partial class BenchPeerDomain : Domain, IBenchPeer
{
    protected override int MaxString => InvocationWord.MaxString;

    public Result Echo(ulong first, ulong second, ulong third, out ulong one, out ulong two, out ulong three)
    {
        one = first;
        two = second;
        three = third;
        return Result.Ok;
    }

    public Result Sink(ReadOnlySpan<byte> bytes) => Result.Ok;

    public ulong Arrive() => Timestamp.Read();
}
