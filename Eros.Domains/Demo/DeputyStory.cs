using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>
/// A compiler that bills its customers, and one of them that says "billing" when it is asked where the code shall go.
/// The protecting checks: the output is a capability of the customer's, which no name replaces; and it must be a page.
/// </summary>
internal sealed class DeputyStory(StringBuilder text, ISpaceBank bank, Cast cast)
{
    private const string FirstJob = "6*7";

    private readonly StringBuilder _text = text;
    private readonly ISpaceBank _bank = bank;
    private readonly Cast _cast = cast;

    public Result Tell()
    {
        _text.Append("A compiler writes a bill for each job into a file that it alone may write.\n");
        Result result = WithNames();
        return result == Result.Ok ? WithCapabilities() : result;
    }

    private Result WithNames()
    {
        _text.Append("Where files have names, and the compiler looks them up:\n");
        Result result = _cast.Enter(Role.FileCompiler, _bank, CapabilityClient.At(0), out ICapability product);
        if (result != Result.Ok)
        {
            return result;
        }

        IFileCompiler compiler = FileCompilerClient.Of(product);
        compiler.Compile(FirstJob + " -o report");
        compiler.Read("billing", out string bill);
        _text.Append($"  the bill reads \"{bill}\"\n");
        result = compiler.Compile("0*0 -o billing");
        _text.Append($"  a customer wants its code in the file \"billing\": {ResultText.Of(result)}\n");
        compiler.Read("billing", out bill);
        _text.Append($"  the bill reads \"{bill}\": the compiler has overwritten it, on a customer's word\n");
        return result;
    }

    private Result WithCapabilities()
    {
        _text.Append("Where files are capabilities, and the customer hands over its own:\n");
        Result result = Open(out IPage billing, out ICompiler compiler, out IPage report);
        if (result != Result.Ok)
        {
            return result;
        }

        compiler.Compile("report: " + FirstJob, report);
        billing.ReadText(out string bill);
        _text.Append($"  the bill reads \"{bill}\"\n");
        result = _cast.Enter(Role.Customer, _bank, compiler, out ICapability customer);
        if (result == Result.Ok)
        {
            _text.Append("  a customer who would write on the bill calls its job \"billing\", and hands over\n");
            result = ProgramClient.Of(customer).Run("", out string tries);
            billing.ReadText(out bill);
            _text.Append(tries).Append($"  the bill reads \"{bill}\"\n");
        }

        return result;
    }

    private Result Open(out IPage billing, out ICompiler compiler, out IPage report)
    {
        compiler = CompilerClient.Void;
        report = PageClient.Void;
        Result result = _bank.BuyPage(out billing);
        result = result == Result.Ok ? _bank.BuyPage(out report) : result;
        if (result == Result.Ok)
        {
            result = _cast.Enter(Role.Compiler, _bank, billing, out ICapability product);
            compiler = CompilerClient.Of(product);
        }

        return result;
    }
}
