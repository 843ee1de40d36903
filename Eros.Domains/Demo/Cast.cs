using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>Whose constructor stands in which slot of the cast.</summary>
public enum Role : uint
{
    /// <summary>A program that sums up numbers, with nothing beside.</summary>
    Algorithm,

    /// <summary>The same program, with its author's mailbox.</summary>
    LeakyAlgorithm,
    Compiler,
    FileCompiler,
    Customer,
    MailServer,
    Attacker,
    EscrowAgent,

    /// <summary>The same program, with the author's mailbox for a log.</summary>
    CorruptEscrowAgent,
    Adviser,

    /// <summary>The same program, with its author's mailbox.</summary>
    LeakyAdviser,
}

/// <summary>Constructors of all who play in a story.</summary>
internal sealed class Cast(INode node, ISchedule schedule)
{
    private readonly INode _node = node;

    /// <summary>At which they run, unless something else is said.</summary>
    public ISchedule Schedule { get; } = schedule;

    /// <summary>The constructor, for who wants to look before anything is made.</summary>
    public IConstructor this[Role role]
    {
        get
        {
            _node.Fetch((uint)role, out ICapability constructor);
            return ConstructorClient.Of(constructor);
        }
    }

    /// <summary>Makes one out of a bank of its own, below another, with an argument.</summary>
    public Result Enter(Role role, ISpaceBank bank, ICapability argument, out ICapability product)
    {
        product = CapabilityClient.At(0);
        Result result = bank.CreateAccount(ulong.MaxValue, out ISpaceBank own, out ISpaceBank account);
        if (result == Result.Ok)
        {
            result = Enter(role, account, Schedule, argument, out product);
            if (result != Result.Ok)
            {
                own.Destroy();
            }
        }

        Capabilities.Release(own);
        Capabilities.Release(account);
        return result;
    }

    /// <summary>Makes one that buys from an account, and runs at a schedule.</summary>
    public Result Enter(
        Role role, ISpaceBank account, ISchedule schedule, ICapability argument, out ICapability product)
    {
        IConstructor constructor = this[role];
        Result result = constructor.Request(account, schedule, argument, out product);
        Capabilities.Release(constructor);
        return result;
    }
}
