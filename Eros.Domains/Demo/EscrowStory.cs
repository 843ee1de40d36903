using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>
/// An adviser with a secret model, a customer with a secret portfolio, and an agent between them. The protecting
/// checks: both ask what the agent can reach; the agent runs confined programs only, gives the agreed answer only, and
/// lets no program live on.
/// </summary>
internal sealed class EscrowStory(StringBuilder text, ISpaceBank bank, Cast cast, IMailbox authorsMailbox)
{
    private const string Secret = "gold 5, tin 2";

    private readonly StringBuilder _text = text;
    private readonly ISpaceBank _bank = bank;
    private readonly Cast _cast = cast;
    private readonly IMailbox _authorsMailbox = authorsMailbox;

    /// <param name="model">The page with the adviser's model, which is written here, as the adviser would.</param>
    /// <param name="metaConstructor">What both trust an agent to hold.</param>
    public Result Tell(IPage model, IMetaConstructor metaConstructor)
    {
        model.WriteText("gold 3, tin -2");
        _text.Append("An adviser has a model, a customer has a portfolio; neither would show it to the other.\n");
        Result result = Choose(Role.CorruptEscrowAgent, "One agent", metaConstructor);
        result = result == Result.Ok ? Choose(Role.EscrowAgent, "Another", metaConstructor) : result;
        bool hasLetter = _authorsMailbox.Take(out string letter) == Result.Ok;
        _text.Append(hasLetter
            ? $"The adviser has a letter: {letter}\n"
            : "The adviser's mailbox is empty.\n");
        return result;
    }

    // Each of the two does this for itself, before it hands anything over.
    private Result Choose(Role role, string which, IMetaConstructor metaConstructor)
    {
        IConstructor constructor = _cast[role];
        uint trusted = 0;
        Result result = constructor.Holes(out uint holes);
        result = result == Result.Ok ? constructor.FindHoles(metaConstructor, out trusted) : result;
        Capabilities.Release(constructor);
        if (result != Result.Ok)
        {
            return result;
        }

        if (holes != trusted)
        {
            _text.Append($"{which} has a hole that neither knows (mask {holes & ~trusted}). Both decline.\n");
            return Result.Ok;
        }

        _text.Append($"{which} can reach nothing but its clients and the metaconstructor. Both accept.\n");
        result = _cast.Enter(role, _bank, _cast.Schedule, out ICapability product);
        if (result == Result.Ok)
        {
            IEscrowAgent agent = EscrowAgentClient.Of(product);
            Offer(agent, "what is no program", CapabilityClient.At(0));
            Offer(agent, "a program that has its author's mailbox", _cast[Role.LeakyAdviser]);
            Offer(agent, "one that has the model, and nothing else", _cast[Role.Adviser]);
            Deal(agent);
        }

        return result;
    }

    private void Offer(IEscrowAgent agent, string what, ICapability adviser)
    {
        Result result = agent.Offer(ConstructorClient.Of(adviser));
        Capabilities.Release(adviser);
        _text.Append($"  the adviser offers {what}: {ResultText.Of(result)}\n");
    }

    private void Deal(IEscrowAgent agent)
    {
        agent.Terms(out string terms);
        _text.Append($"  the terms, for both: {terms}\n");
        Ask(agent, "the customer asks about its portfolio", Secret);
        Ask(agent, "the customer knows a word that makes the program show its model", "dump");
        Ask(agent, "somebody asks what was asked last", "last");
    }

    private void Ask(IEscrowAgent agent, string what, string portfolio)
    {
        Result result = agent.Ask(portfolio, out string answer);
        _text.Append($"  {what}: {(result == Result.Ok ? answer : "no answer")}\n");
    }
}
