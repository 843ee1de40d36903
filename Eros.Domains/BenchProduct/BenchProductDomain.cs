using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BenchProduct;

/// <summary>Has a space whose pages come into being when they are touched.</summary>
[Domain]
public sealed unsafe partial class BenchProductDomain : Domain, IBenchProduct
{
    public Result Take(ICapability first, ICapability second, ICapability third) => Result.Ok;

    public ulong Touch(uint page)
    {
        byte* address = OwnMemory.At(SpaceLayout.Own + (ulong)page * MappedPage.SizeInBytes);
        ulong start = Timestamp.Read();
        Volatile.Write(ref *address, 1);
        return Timestamp.Read() - start;
    }
}
