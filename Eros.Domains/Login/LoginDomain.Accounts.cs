using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Login;

/// <content>What a user who is logged in may ask.</content>
public sealed partial class LoginDomain
{
    private bool IsSeated => _seated is not null && _seated.Number == Badge;

    private bool IsOwner => IsSeated && _seated == Owner;

    /// <inheritdoc/>
    public Result Leave()
    {
        if (!IsSeated)
        {
            return Result.NoAccess;
        }

        Console.CloseSessions();
        Begin(isAnew: true);
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result ChangePassword() => IsSeated
        ? Converse(_seated!.Password is null ? Stage.First : Stage.Present, _seated)
        : Result.NoAccess;

    /// <inheritdoc/>
    public Result Add(string name)
    {
        if (!IsOwner || Owner.Password is null)
        {
            return IsOwner ? Accounts.NoPassword : Result.NoAccess;
        }

        if (!IsName(name) || Find(name) is not null)
        {
            return IsName(name) ? Accounts.Exists : Result.BadArgument;
        }

        return _desks.Count > Accounts.Limit || _nextNumber > LastNumber
            ? Result.LimitReached
            : Converse(Stage.First, new Desk(_nextNumber, FreeSlot(), name));
    }

    /// <inheritdoc/>
    public Result Remove(string name)
    {
        Desk? desk = Find(name);
        if (!IsOwner || desk is null || desk == Owner)
        {
            return !IsOwner ? Result.NoAccess : desk is null ? Accounts.NoUser : Accounts.OwnerStays;
        }

        _store.Get(desk.BankPlace, out ICapability bank);
        Result result = SpaceBankClient.Of(bank).Destroy();
        if (result == Result.Ok)
        {
            _desks.Remove(desk);
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Names(out string names)
    {
        StringBuilder text = new();
        foreach (Desk desk in _desks)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(desk.Name);
        }

        names = IsSeated ? text.ToString() : "";
        return IsSeated ? Result.Ok : Result.NoAccess;
    }

    private static bool IsName(string name)
    {
        bool isName = name.Length is > 0 and <= Accounts.MaxName && char.IsAsciiLetterLower(name[0]);
        foreach (char c in name)
        {
            isName &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
        }

        return isName;
    }

    private int FreeSlot()
    {
        int slot = 1;
        while (_desks.Exists(desk => desk.Slot == slot))
        {
            slot++;
        }

        return slot;
    }

    // Takes the terminal from the desk while it asks. The session must be of the boot in which the desk was seated: if
    // it is not, the machine was restarted in between, and who is there now is somebody else (L1).
    private Result Converse(Stage stage, Desk subject)
    {
        _asker = _seated;
        _subject = subject;
        _caller = Defer();
        _seated = null;
        Reopen();
        Sleep.Now(out ulong now, out ulong boot);
        if (boot != _boot)
        {
            Begin(isAnew: false);
        }
        else if (stage == Stage.Present && now < _notBefore)
        {
            SayWait(now);
            GoOn(Accounts.WrongPassword);
        }
        else
        {
            Ask(stage);
        }

        return Result.Ok;
    }

    private Result Make(Desk desk)
    {
        Result result = _maker.Make(desk.Number, out ISpaceBank bank);
        if (result != Result.Ok)
        {
            return result;
        }

        result = _store.Put(desk.BankPlace, bank);
        if (result != Result.Ok)
        {
            bank.Destroy();
            return result;
        }

        _nextNumber++;
        _desks.Add(desk);
        return Result.Ok;
    }
}
