using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The other side of the measurements.</summary>
public interface IBenchPeer : ICapability
{
    /// <summary>Gives three words back.</summary>
    [Order(1)]
    Result Echo(ulong first, ulong second, ulong third, out ulong one, out ulong two, out ulong three);

    /// <summary>Takes a string and does nothing with it.</summary>
    [Order(2)]
    Result Sink(ReadOnlySpan<byte> bytes);

    /// <summary>The time-stamp counter when the request had arrived.</summary>
    [Order(3)]
    ulong Arrive();
}
