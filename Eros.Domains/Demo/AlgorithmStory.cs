using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>
/// A customer with secret figures, an algorithm of somebody it does not trust. The protecting check: the constructor's
/// list of holes, asked before anything is handed over.
/// </summary>
internal sealed class AlgorithmStory(
    StringBuilder text, ISpaceBank bank, Cast cast, IMailbox authorsMailbox)
{
    private const string Secret = "1200 345 -67";

    private readonly StringBuilder _text = text;
    private readonly ISpaceBank _bank = bank;
    private readonly Cast _cast = cast;
    private readonly IMailbox _authorsMailbox = authorsMailbox;

    public void Tell()
    {
        _text.Append("A customer has figures that nobody else may see, and two offers of a program to sum them up.\n");
        Consider("The first", Role.LeakyAlgorithm);
        Consider("The second", Role.Algorithm);
        Result taken = _authorsMailbox.Take(out string letter);
        _text.Append(Step.IsDone("look into the author's mailbox", taken, refusal: Result.BadArgument)
            ? $"The author has a letter: {letter}\n"
            : "The author's mailbox is empty.\n");
    }

    private void Consider(string which, Role role)
    {
        IConstructor constructor = _cast[role];
        Step.Demand("ask whether the program is confined", constructor.IsConfined(out bool isConfined));
        if (!isConfined)
        {
            Step.Demand("ask for the program's holes", constructor.Holes(out uint holes));
            _text.Append($"{which} has holes (mask {holes}): what it learns it could tell. The customer declines.\n");
            return;
        }

        _text.Append($"{which} is confined: whatever it learns it can tell the customer alone.\n");
        Step.Demand(
            "make the program", _cast.Enter(role, _bank, CapabilityClient.At(0), out ICapability product));
        Step.Demand(
            "run the program on the figures", AlgorithmClient.Of(product).Run(Secret, out string answer));
        _text.Append($"It is run on the figures, and answers: {answer}.\n");
    }
}
