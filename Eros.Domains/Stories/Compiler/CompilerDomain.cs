// CompilerDomain: a compiler that writes a bill for each job into a file that only it may write. Where the code goes,
// its customer says with a capability; so the code is written by the customer's authority, and the bill by the
// compiler's own. There is nothing by which the one could be taken for the other: no name leads to a file.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Compiler;

/// <summary>Compiles, and bills.</summary>
[Domain]
public sealed partial class CompilerDomain : Domain, ICompiler
{
    [Capability]
    internal partial IDiscrim Discrim { get; }

    /// <summary>The billing file, which whoever runs the service hands over.</summary>
    [Capability]
    internal partial IPage Billing { get; }

    /// <inheritdoc/>
    public Result Compile(string job, IPage output)
    {
        // What is no page could do anything when it is asked to take the code, and might never answer.
        Result result = Discrim.Classify(output, out uint found, out _);
        if (result != Result.Ok || found != DiscrimClass.Page)
        {
            return Result.BadArgument;
        }

        int colon = job.IndexOf(": ");
        string name = colon < 0 ? "" : job[..colon];
        string source = job[(colon + 1)..].Trim();
        string entry = $"{name}, {source.Length} units; ";

        // Nothing is delivered that there is no room to bill.
        result = Billing.ReadText(out string bill);
        result = result == Result.Ok && !PageText.Fits(bill + entry) ? Result.LimitReached : result;
        result = result == Result.Ok ? output.WriteText($"code of {source}") : result;
        return result == Result.Ok ? AddToBill(entry) : result;
    }

    // To the bill as it is by now.
    private Result AddToBill(string entry)
    {
        Result result = Billing.ReadText(out string bill);
        return result == Result.Ok ? Billing.WriteText(bill + entry) : result;
    }
}
