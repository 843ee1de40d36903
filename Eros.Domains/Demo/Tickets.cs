// Tickets: sells numbered tickets. A receipt that is printed at once may be for a ticket that was never sold, when
// the power goes before the next checkpoint: then its number is given to somebody else. One that goes through a held
// port can not.

using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>An office for tickets.</summary>
/// <param name="terminal">Where receipts go.</param>
/// <param name="heldPorts">Makes held ports.</param>
/// <param name="schedule">The ports'.</param>
internal sealed class Tickets(ITerminal terminal, IConstructor heldPorts, ISchedule schedule)
{
    private readonly ITerminal _terminal = terminal;
    private readonly IConstructor _heldPorts = heldPorts;
    private readonly ISchedule _schedule = schedule;
    private IWriter _prompt = WriterClient.Void;
    private IWriter _patient = WriterClient.Void;
    private bool _isOpen;
    private ulong _sold;

    /// <summary>Nothing, "later", "direct" or "sold".</summary>
    public Result Obey(string arguments, out string output)
    {
        Result result = _isOpen ? Result.Ok : Open();
        output = "";
        if (result != Result.Ok)
        {
            return result;
        }

        switch (arguments)
        {
            case "":
                output = "sold; the receipt comes when that is on disk\n";
                return Hold(_prompt);
            case "later":
                output = "sold; the receipt comes with the next checkpoint\n";
                return Hold(_patient);
            case "direct":
                output = Receipt();
                return Result.Ok;
            case "sold":
                output = $"tickets sold: {_sold}\n";
                return Result.Ok;
            default:
                output = "usage: [later | direct | sold]\n";
                return Result.Ok;
        }
    }

    private string Receipt() => $"receipt {++_sold}\n";

    private Result Hold(IWriter writer) => writer.Write(Encoding.UTF8.GetBytes(Receipt()));

    private Result Open()
    {
        Result result = Open(isPrompt: true, out _prompt);
        result = result == Result.Ok ? Open(isPrompt: false, out _patient) : result;
        _isOpen = result == Result.Ok;
        return result;
    }

    private Result Open(bool isPrompt, out IWriter writer)
    {
        Result result = _heldPorts.Request(
            SpaceBankClient.At(CapabilityRegisters.Bank), _schedule, CapabilityClient.At(0), out ICapability product);
        writer = WriterClient.Void;
        if (result == Result.Ok)
        {
            result = HeldPortClient.Of(product).Open(WriterClient.Of(_terminal), isPrompt, out writer);
            Capabilities.Keep(writer);
        }

        return result;
    }
}
