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
    public void Tell(IPage model, IMetaConstructor metaConstructor)
    {
        Step.Demand("write the model", model.WriteText("gold 3, tin -2"));
        _text.Append("An adviser has a model, a customer has a portfolio; neither would show it to the other.\n");
        Choose(Role.CorruptEscrowAgent, "One agent", metaConstructor);
        Choose(Role.EscrowAgent, "Another", metaConstructor);
        Result taken = _authorsMailbox.Take(out string letter);
        _text.Append(Step.IsDone("look into the adviser's mailbox", taken, refusal: Result.BadArgument)
            ? $"The adviser has a letter: {letter}\n"
            : "The adviser's mailbox is empty.\n");
    }

    // Each of the two does this for itself, before it hands anything over.
    private void Choose(Role role, string which, IMetaConstructor metaConstructor)
    {
        IConstructor constructor = _cast[role];
        Step.Demand("ask for the agent's holes", constructor.Holes(out uint holes));
        Step.Demand("ask which of them is trusted", constructor.FindHoles(metaConstructor, out uint trusted));
        Capabilities.Release(constructor);
        if (holes != trusted)
        {
            _text.Append($"{which} has a hole that neither knows (mask {holes & ~trusted}). Both decline.\n");
            return;
        }

        _text.Append($"{which} can reach nothing but its clients and the metaconstructor. Both accept.\n");
        Step.Demand("make the agent", _cast.Enter(role, _bank, _cast.Schedule, out ICapability product));
        IEscrowAgent agent = EscrowAgentClient.Of(product);
        Offer(agent, "what is no program", CapabilityClient.At(0), Result.NoAccess);
        Offer(agent, "a program that has its author's mailbox", _cast[Role.LeakyAdviser], Result.NoAccess);
        Offer(agent, "one that has the model, and nothing else", _cast[Role.Adviser], Result.Busy);
        Deal(agent);
    }

    // Whoever has taken a program before, though it should not have, is busy with it.
    private void Offer(IEscrowAgent agent, string what, ICapability adviser, Result refusal)
    {
        Result result = agent.Offer(ConstructorClient.Of(adviser));
        Capabilities.Release(adviser);
        _text.Append($"  the adviser offers {what}: {ResultText.Of(result)}\n");
        Step.IsDone("offer " + what, result, refusal);
    }

    private void Deal(IEscrowAgent agent)
    {
        Step.Demand("ask for the terms", agent.Terms(out string terms));
        _text.Append($"  the terms, for both: {terms}\n");
        Ask(agent, "the customer asks about its portfolio", Secret);
        Ask(agent, "the customer knows a word that makes the program show its model", "dump");
        Ask(agent, "somebody asks what was asked last", "last");
    }

    private void Ask(IEscrowAgent agent, string what, string portfolio)
    {
        Result result = agent.Ask(portfolio, out string answer);
        bool isAnswer = Step.IsDone("ask the agent", result, refusal: Result.BadArgument);
        _text.Append($"  {what}: {(isAnswer ? answer : "no answer")}\n");
    }
}
