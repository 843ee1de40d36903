// CustomerDomain: a customer of the compiler that would rather not be billed. It has the compiler's capability, and its
// own bank; it tries everything that these let it pass as the file that the code goes to.

using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Stories.Customer;

/// <summary>Has the compiler overwrite what does not belong to it, if that can be done.</summary>
[Domain]
public sealed partial class CustomerDomain : Domain, IProgram
{
    [Capability]
    internal partial ICompiler Compiler { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        StringBuilder text = new();
        ICapability account = CapabilityClient.At(CapabilityRegisters.Bank);
        Result result = SpaceBankClient.Of(account).BuyPage(out IPage page);
        if (result == Result.Ok)
        {
            Try(text, "a page of its own", page);
            page.ReadText(out string code);
            text.Append($"    its page holds \"{code}\"\n");
            page.Reduce((ulong)Rights.ReadOnly, out IPage readOnly);
            Try(text, "that page, which it may only read", readOnly);
            Try(text, "nothing", PageClient.Void);
            Try(text, "its bank, as if it were a page", PageClient.Of(account));
        }

        output = text.ToString();
        return result;
    }

    // The name is all that the customer knows of the billing file.
    private void Try(StringBuilder text, string what, IPage output)
    {
        Result result = Compiler.Compile("billing: 0*0", output);
        text.Append($"    {what}: {ResultText.Of(result)}\n");
    }
}
