using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// A desk's place at the terminal: what its session agent holds of the login agent. It works while the desk's user is
/// logged in.
/// </summary>
public interface ISeat : ICapability
{
    /// <summary>The notification is sent whenever a session is there to be taken, now or after a login.</summary>
    [Order(1)]
    Result Listen(INotification seated);

    /// <summary>
    /// The session of who is logged in. VoidCapability while that is not the desk's user. <paramref name="isAnew"/>:
    /// somebody has come to the terminal since; what was typed before does not count.
    /// </summary>
    [Order(2)]
    Result Open(out IConsoleSession session, out bool isAnew);
}

/// <summary>
/// A user's own affairs with the login agent, which asks for passwords itself, so that nobody else ever sees them. All
/// of it answers NoAccess while the user is not logged in.
/// </summary>
[MaxString(1024)]
public interface IAccount : ICapability
{
    /// <summary>Ends the session: every terminal capability of it is void.</summary>
    [Order(1)]
    Result Leave();

    /// <summary>
    /// Has the user set a password. Cancelled when they thought better of it; WrongPassword when they do not know the
    /// present one, or it is too soon after they did not.
    /// </summary>
    [Order(2)]
    Result ChangePassword();

    /// <summary>
    /// Makes a user with a desk of their own, whose first password is asked for. NoAccess for all but the owner;
    /// NoPassword while the owner has none. BadArgument for what is no name, Exists for one that is taken, LimitReached
    /// when there is no room for another desk.
    /// </summary>
    [Order(3)]
    Result Add(string name);

    /// <summary>Ends a user's desk, with all that is on it. NoAccess for all but the owner, NoUser for who is no
    /// user, OwnerStays for the owner.</summary>
    [Order(4)]
    Result Remove(string name);

    /// <summary>The users' names, with blanks between them.</summary>
    [Order(5)]
    Result Names(out string names);
}

/// <summary>Numbers of the login agent's that its clients know.</summary>
public static class Accounts
{
    /// <summary>Its own result: the owner must have a password before there are others.</summary>
    public const Result NoPassword = (Result)1;

    /// <summary>Its own result: the name is taken.</summary>
    public const Result Exists = (Result)2;

    /// <summary>Its own result: that is not the present password, or was not just now.</summary>
    public const Result WrongPassword = (Result)3;

    /// <summary>Its own result: there is no user of that name.</summary>
    public const Result NoUser = (Result)4;

    /// <summary>Its own result: the owner's desk is part of the system.</summary>
    public const Result OwnerStays = (Result)5;

    /// <summary>Users beside the owner.</summary>
    public const int Limit = 8;

    /// <summary>Longest name, in characters: a small letter, then small letters, digits and hyphens.</summary>
    public const int MaxName = 20;
}

/// <summary>A desk's session agent, as its own shell knows it.</summary>
public interface ISessionAgent : ICapability
{
    /// <summary>
    /// The desk's own terminal: it waits for lines though nobody is logged in. All others who hold the terminal find
    /// theirs void then.
    /// </summary>
    [Order(1)]
    Result Open(out ITerminal terminal, out IForeground foreground);
}
