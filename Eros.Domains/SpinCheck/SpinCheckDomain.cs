// SpinCheckDomain: reads what spin has published, through a page capability that cannot write, and computes it again.

using System;
using Eros.Domains.Runtime;
using Eros.Domains.Spin;
using Eros.Kernel.Protocol;

namespace Eros.Domains.SpinCheck;

/// <summary>Prints the step that spin has reached, or "diverged".</summary>
[Domain]
public sealed partial class SpinCheckDomain : Domain, IProgram
{
    private readonly byte[] _page = new byte[MappedPage.SizeInBytes];

    [Capability]
    internal partial IPage Published { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        Result result = Published.Read(0, MappedPage.SizeInBytes, _page, out int length);
        if (result != Result.Ok || length != MappedPage.SizeInBytes)
        {
            output = "cannot read the page: " + ResultText.Of(result) + "\n";
            return result;
        }

        output = (SpinChain.IsRight(_page, out ulong n) ? n.ToString() : "diverged") + "\n";
        return Result.Ok;
    }
}
