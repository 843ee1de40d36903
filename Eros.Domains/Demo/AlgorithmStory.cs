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

    public Result Tell()
    {
        _text.Append("A customer has figures that nobody else may see, and two offers of a program to sum them up.\n");
        Result result = Consider("The first", Role.LeakyAlgorithm);
        result = result == Result.Ok ? Consider("The second", Role.Algorithm) : result;
        bool isLeaked = _authorsMailbox.Take(out string letter) == Result.Ok;
        _text.Append(isLeaked
            ? $"The author has a letter: {letter}\n"
            : "The author's mailbox is empty.\n");
        return result;
    }

    private Result Consider(string which, Role role)
    {
        IConstructor constructor = _cast[role];
        Result result = constructor.IsConfined(out bool isConfined);
        if (result != Result.Ok)
        {
            return result;
        }

        if (!isConfined)
        {
            constructor.Holes(out uint holes);
            _text.Append($"{which} has holes (mask {holes}): what it learns it could tell. The customer declines.\n");
            return Result.Ok;
        }

        _text.Append($"{which} is confined: whatever it learns it can tell the customer alone.\n");
        result = _cast.Enter(role, _bank, CapabilityClient.At(0), out ICapability product);
        if (result == Result.Ok)
        {
            result = AlgorithmClient.Of(product).Run(Secret, out string answer);
            _text.Append($"It is run on the figures, and answers: {answer}.\n");
        }

        return result;
    }
}
