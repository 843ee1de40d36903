using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Shell;

/// <content>Passwords, users and sessions: the login agent's affairs, which asks for what it needs by itself.</content>
public sealed partial class ShellDomain
{
    private void LogOut(string arguments) => Say("logout", "", _account.Leave());

    private void ChangePassword(string arguments) => Say("passwd", "", _account.ChangePassword());

    private void ManageUsers(string arguments)
    {
        (string order, string name) = SplitFirst(arguments);
        if (order.Length == 0)
        {
            Result result = _account.Names(out string names);
            Print(result == Result.Ok ? names + "\n" : $"user: {ResultText.Of(result)}\n");
        }
        else if (name.Length != 0 && order is "add" or "remove")
        {
            Say("user", name, order == "add" ? _account.Add(name) : _account.Remove(name));
        }
        else
        {
            Print("usage: user [add NAME | remove NAME]\n");
        }
    }

    private void Say(string command, string name, Result result)
    {
        string text = result switch
        {
            Result.Ok => "",
            Result.NoAccess => NotYours + command,
            Result.BadArgument => $"{command}: {name} is no name: a small letter, then small letters, digits and "
                + $"hyphens, {Accounts.MaxName} characters at most",
            Accounts.NoPassword => command + ": set a password for yourself first: passwd",
            Accounts.Exists => $"{command}: there is a user {name} already",
            Accounts.NoUser => $"{command}: there is no user {name}",
            Accounts.OwnerStays => $"{command}: {name} cannot be removed: that desk is part of the system",
            Accounts.WrongPassword => command + ": the password is as it was",
            _ => $"{command}: {ResultText.Of(result)}",
        };
        if (text.Length != 0)
        {
            Print(text + "\n");
        }
    }
}
