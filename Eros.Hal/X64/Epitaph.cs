using System.Diagnostics.CodeAnalysis;
using Eros.Persistence.Base;

namespace Eros.Hal.X64;

/// <summary>Ends the kernel on a broken invariant: nothing more is written to the disk.</summary>
public sealed class Epitaph : FailHandler
{
    [DoesNotReturn]
    public override void Stop(string epitaph, ulong detail)
    {
        while (true)
        {
            LastWords.Stop(epitaph, detail);
        }
    }
}
