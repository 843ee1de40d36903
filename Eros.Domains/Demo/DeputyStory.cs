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

    public void Tell()
    {
        _text.Append("A compiler writes a bill for each job into a file that it alone may write.\n");
        WithNames();
        WithCapabilities();
    }

    private void WithNames()
    {
        _text.Append("Where files have names, and the compiler looks them up:\n");
        Step.Demand(
            "make the compiler",
            _cast.Enter(Role.FileCompiler, _bank, CapabilityClient.At(0), out ICapability product));
        IFileCompiler compiler = FileCompilerClient.Of(product);
        Step.Demand("compile the first job", compiler.Compile(FirstJob + " -o report"));
        Step.Demand("read the bill", compiler.Read("billing", out string bill));
        _text.Append($"  the bill reads \"{bill}\"\n");
        Result result = compiler.Compile("0*0 -o billing");
        _text.Append($"  a customer wants its code in the file \"billing\": {ResultText.Of(result)}\n");
        Step.Demand("compile the customer's job", result);
        Step.Demand("read the bill again", compiler.Read("billing", out bill));
        _text.Append($"  the bill reads \"{bill}\": the compiler has overwritten it, on a customer's word\n");
    }

    private void WithCapabilities()
    {
        _text.Append("Where files are capabilities, and the customer hands over its own:\n");
        Open(out IPage billing, out ICompiler compiler, out IPage report);
        Step.Demand("compile the first job", compiler.Compile("report: " + FirstJob, report));
        Step.Demand("read the bill", billing.ReadText(out string bill));
        _text.Append($"  the bill reads \"{bill}\"\n");
        Step.Demand("make the customer", _cast.Enter(Role.Customer, _bank, compiler, out ICapability customer));
        _text.Append("  a customer who would write on the bill calls its job \"billing\", and hands over\n");
        Result result = ProgramClient.Of(customer).Run("", out string tries);
        _text.Append(tries);
        Step.Demand("let the customer try", result);
        Step.Demand("read the bill again", billing.ReadText(out bill));
        _text.Append($"  the bill reads \"{bill}\"\n");
    }

    private void Open(out IPage billing, out ICompiler compiler, out IPage report)
    {
        Step.Demand("buy a page for the bill", _bank.BuyPage(out billing));
        Step.Demand("buy a page for the report", _bank.BuyPage(out report));
        Step.Demand("make the compiler", _cast.Enter(Role.Compiler, _bank, billing, out ICapability product));
        compiler = CompilerClient.Of(product);
    }
}
