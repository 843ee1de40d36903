using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Shell;

/// <content>Passwords, users and sessions: the login agent's affairs, which asks for what it needs by itself.</content>
public sealed partial class ShellDomain
{
    private void LogOut(string arguments) => Say("logout", _account.Leave());

    private void ChangePassword(string arguments) => Say("passwd", _account.ChangePassword());

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
            Say("user", order == "add" ? _account.Add(name) : _account.Remove(name));
        }
        else
        {
            Print("usage: user [add NAME | remove NAME]\n");
        }
    }

    private void Say(string command, Result result)
    {
        string text = result switch
        {
            Result.Ok => "",
            Result.NoAccess => "not you",
            Result.BadArgument => "no such name: small letters, digits and hyphens, of a user if one is to be removed",
            Accounts.NoPassword => "set a password for yourself first: passwd",
            Accounts.Exists => "there is one of that name",
            _ => ResultText.Of(result),
        };
        if (text.Length != 0)
        {
            Print($"{command}: {text}\n");
        }
    }
}
