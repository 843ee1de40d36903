using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Says what to do with a portfolio.</summary>
public interface IAdviser : ICapability
{
    [Order(1)]
    Result Advise(string portfolio, out string advice);
}

/// <summary>
/// Stands between an adviser and a customer who do not trust each other. Both can check what it is before they hand
/// anything over: a product of a constructor that they know, and confined.
/// </summary>
public interface IEscrowAgent : ICapability
{
    /// <summary>
    /// The adviser's side: a constructor of its program. The agent keeps it to itself. NoAccess when its products are
    /// not confined, Busy when there is an offer already.
    /// </summary>
    [Order(1)]
    Result Offer(IConstructor adviser);

    /// <summary>What the agent does and does not; Ok when there is an offer that has been found good.</summary>
    [Order(2)]
    Result Terms(out string terms);

    /// <summary>
    /// The customer's side: runs the adviser's program on a portfolio and gives the agreed answer, one word of three.
    /// BadArgument when the program answers anything else.
    /// </summary>
    [Order(3)]
    Result Ask(string portfolio, out string answer);
}
