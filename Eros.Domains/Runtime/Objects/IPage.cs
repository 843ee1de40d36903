using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>4096 bytes of data.</summary>
public interface IPage : ICapability
{
    /// <summary>The same page with fewer rights; <paramref name="take"/> is a set of Rights bits.</summary>
    [Order(PageOrder.Reduce)]
    Result Reduce(ulong take, out IPage reduced);

    [Order(PageOrder.Zero)]
    Result Zero();

    [Order(PageOrder.CopyFrom)]
    Result CopyFrom(IPage source);

    /// <summary>Reads <paramref name="length"/> bytes from <paramref name="offset"/>, all at one instant.</summary>
    [Order(PageOrder.Read)]
    Result Read(ulong offset, ulong length, Span<byte> bytes, out int stored);

    [Order(PageOrder.Write)]
    Result Write(ulong offset, ReadOnlySpan<byte> bytes);

    /// <summary>The page's capability with a guard, to stand in a space.</summary>
    [Order(PageOrder.WithGuard)]
    Result WithGuard(ulong guard, out IPage guarded);
}
