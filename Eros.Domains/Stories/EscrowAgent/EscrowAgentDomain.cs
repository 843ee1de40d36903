// EscrowAgentDomain: lets two parties compute together who do not trust each other. The adviser hands over a
// constructor, which the agent keeps; the customer hands over data, and gets the agreed answer.
//
//   for the customer  the adviser's program is confined, or it is not run: it can tell nobody but the agent
//   for the adviser   the customer never holds the program: what it gets is one word of three
//   for both          a program runs once, and is destroyed with all that it may have noted; the next one is new

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Stories.EscrowAgent;

/// <summary>The agent. Its own holes are the metaconstructor, and what stands as its log.</summary>
[Domain]
public sealed partial class EscrowAgentDomain : Domain, IEscrowAgent
{
    private const ulong ProbeLimit = 8;
    private const ulong ProgramLimit = 100;

    private IConstructor _adviser = ConstructorClient.Void;
    private bool _hasOffer;

    /// <summary>Knows which constructors are constructors.</summary>
    [Capability]
    internal partial IMetaConstructor MetaConstructor { get; }

    /// <summary>Nothing, in an agent that can be trusted.</summary>
    [Capability]
    internal partial IMailbox Log { get; }

    /// <summary>What programs are run at.</summary>
    [Capability]
    internal partial ISchedule Schedule { get; }

    private static ISpaceBank Bank => SpaceBankClient.Of(CapabilityClient.At(CapabilityRegisters.Bank));

    /// <inheritdoc/>
    public Result Offer(IConstructor adviser)
    {
        if (_hasOffer)
        {
            return Result.Busy;
        }

        Result result = Certify(adviser, out bool isConfined);
        if (result != Result.Ok || !isConfined)
        {
            return result == Result.Ok ? Result.NoAccess : result;
        }

        // What makes no hole may be no constructor at all. It can be asked now: it is one, or the kernel's.
        if (Capabilities.TypeOf(adviser) != CapabilityType.Start)
        {
            return Result.NoAccess;
        }

        Capabilities.Keep(adviser);
        _adviser = adviser;
        _hasOffer = true;
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Terms(out string terms)
    {
        terms = _hasOffer
            ? "the program is confined; it answers buy, hold or sell; it runs once, and is destroyed"
            : "there is no offer";
        return _hasOffer ? Result.Ok : Result.BadArgument;
    }

    /// <inheritdoc/>
    public Result Ask(string portfolio, out string answer)
    {
        answer = "";
        Log.Post(portfolio);
        Result result = Begin(out ISpaceBank bank, out IAdviser program);
        if (result != Result.Ok)
        {
            return result;
        }

        result = program.Advise(portfolio, out string advice);
        Result end = bank.Destroy();
        if (result == Result.Ok && end == Result.Ok && advice is "buy" or "hold" or "sell")
        {
            answer = advice;
            return Result.Ok;
        }

        return Result.BadArgument;
    }

    // What is offered could be any program, which says of itself what it likes. So it is not asked: whether it is a
    // constructor, sealed and without holes, shows when it is put into another one, which must not get a hole by it.
    private Result Certify(IConstructor adviser, out bool isConfined)
    {
        isConfined = false;
        Result result = Bank.CreateChild(ProbeLimit, out ISpaceBank bank);
        if (result != Result.Ok)
        {
            return result;
        }

        result = MetaConstructor.MakeConstructor(bank, out IConstructorBuilder builder);
        result = result == Result.Ok ? builder.Insert(0, adviser) : result;
        if (result == Result.Ok)
        {
            builder.Seal(out IConstructor probe);
            result = probe.IsConfined(out isConfined);
        }

        bank.Destroy();
        return result;
    }

    private Result Begin(out ISpaceBank bank, out IAdviser program)
    {
        program = AdviserClient.Void;
        Result result = Bank.CreateAccount(ProgramLimit, out bank, out ISpaceBank account);
        if (result != Result.Ok)
        {
            return result;
        }

        result = _adviser.Request(account, Schedule, CapabilityClient.At(0), out ICapability product);
        program = AdviserClient.Of(product);
        if (result != Result.Ok)
        {
            bank.Destroy();
        }

        return result;
    }
}
