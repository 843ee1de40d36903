using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Takes letters, and gives them to whom they are for.</summary>
public interface IMailServer : ICapability
{
    /// <summary>
    /// Takes a letter, "USER: TEXT". BadArgument when there is no such user, LimitReached when the box is full.
    /// </summary>
    [Order(1)]
    Result Deliver(string letter);

    /// <summary>All letters of a user, a line each.</summary>
    [Order(2)]
    Result Read(string user, out string letters);
}

/// <summary>What stands where in the node that is all a mail server has.</summary>
public static class MailSlots
{
    /// <summary>A page: the users' names, with blanks between.</summary>
    public const uint Configuration = 0;

    /// <summary>The first user's page.</summary>
    public const uint FirstBox = 1;
}
