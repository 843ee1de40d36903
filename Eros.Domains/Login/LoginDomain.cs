// LoginDomain: who may be at the terminal. It alone holds the console grant. A desk's session agent gets the session in
// which its user has logged in, and nothing else; when the session is over (logout, attention key, restart), it is void
// wherever it has got to, and whoever wants another asks here.
//
//              restart, attention, logout
//   Seated ─────────────────────────────────▶ Name ── line ──▶ Password ── right ──▶ Seated
//    ▲ │                                       ▲                   │
//    │ └─ passwd, user ▶ Present ▶ First ▶     │                   wrong
//    │                      │       Second     └─ alarm ── Delay ◀─┘
//    └─ done, Ctrl-C, wrong ┴─────────┘
//
// While the owner has no password there is nothing to ask: the owner's desk is seated at once.
//
// Invariants
//  L1 A desk is given the very session in which its user's password was typed: one that was opened before the password
//     is right is void after a restart, and so is what was gained by it.
//  L2 At most one desk is seated. Open answers the others as a void capability does.
//  L3 Whatever was typed, a wrong name and a wrong password are the same: the same words, the same work, the same wait.
//  L4 It waits for nobody but the kernel, the bank, constructors and the key service: desks are told by notification.

using System.Collections.Generic;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Login;

/// <summary>Facets: a desk's seat and its account, whose badge is the desk's number; the watcher's; the alarm's.
/// </summary>
[Domain]
public sealed partial class LoginDomain : Domain, ISeat, IAccount, IRestartObserver, IAlarmed
{
    /// <summary>Places of the interfaces in the class's list.</summary>
    internal const int SeatFacet = 0;

    /// <inheritdoc cref="SeatFacet"/>
    internal const int AccountFacet = 1;

    private const string OwnersName = "owner";
    private const uint LastNumber = (1 << 24) - 1;
    private const ulong NsPerSecond = 1_000_000_000;
    private const int LongestDelayLog2 = 6;

    private readonly List<Desk> _desks = [new Desk(0, 0, OwnersName)];
    private readonly PromptReader _reader = new();
    private CapabilityStore _store = null!;
    private Passwords _passwords = null!;
    private DeskMaker _maker = null!;
    private INotification _typed = NotificationClient.Void;
    private INotification _attention = NotificationClient.Void;
    private IConsoleSession _session = ConsoleSessionClient.Void;
    private ulong _boot;
    private Stage _stage;
    private Desk? _seated;
    private bool _isAnew;
    private uint _nextNumber = 1;

    // A login: the name that was typed, what went wrong before, for whom if it was always the same, and until when
    // nothing is asked.
    private string _name = "";
    private int _failures;
    private string? _guessedAt;
    private ulong _notBefore;
    private DeferredReply _alarm;

    // What the seated desk has asked for: for whose password, and who waits for the answer.
    private Desk? _asker;
    private Desk? _subject;
    private Verifier _new;
    private DeferredReply _caller;

    private enum Stage
    {
        Seated,
        Delay,
        Name,
        Password,
        Present,
        First,
        Second,
    }

    [Capability]
    internal partial IConsoleGrant Console { get; }

    /// <summary>This very process: it makes seats and accounts.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial IKeyDerivation Keys { get; }

    /// <summary>Where capabilities of desks are kept (<see cref="Desk"/>).</summary>
    [Capability]
    internal partial INode Nodes { get; }

    /// <summary>What desks are made of (<see cref="DeskParts"/>).</summary>
    [Capability]
    internal partial INode Parts { get; }

    private Desk Owner => _desks[0];

    /// <inheritdoc/>
    public Result Listen(INotification seated)
    {
        Desk desk = Find(Badge)!;
        Result result = _store.Put(desk.ListenerPlace, seated);
        if (desk == _seated)
        {
            Tell(seated);
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Open(out IConsoleSession session, out bool isAnew)
    {
        session = ConsoleSessionClient.Void;
        isAnew = _isAnew;
        if (_seated is null || _seated.Number != Badge)
        {
            return Result.VoidCapability;
        }

        // Nobody has typed a password for it: the machine may have been restarted, for all that it matters.
        if (Owner.Password is null)
        {
            OpenSession();
        }

        session = _session;
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Restarted()
    {
        Begin(isAnew: false);
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result NextAlarm(out ulong time)
    {
        Sleep.Now(out ulong now, out _);
        time = _notBefore;
        if (_stage == Stage.Delay && now < _notBefore)
        {
            return Result.Ok;
        }

        _alarm = Defer();
        if (_stage == Stage.Delay)
        {
            Reopen();
            Ask(Stage.Name);
        }

        return Result.Ok;
    }

    protected override void Main()
    {
        _store = new CapabilityStore(Nodes, Bank);
        _passwords = new Passwords(Keys, Sleep);
        _maker = new DeskMaker(Parts, Bank, Self);
        Self.MakeNotification((uint)LoginSignals.Typed, out _typed);
        Self.MakeNotification((uint)LoginSignals.Attention, out _attention);
        Capabilities.Keep(_typed);
        Capabilities.Keep(_attention);
        OpenSession();
        Say("no password is set: whoever is here may use this desk; passwd sets one\r\n");
        Begin(isAnew: false);
    }

    /// <summary>Seats and accounts of users who are gone are void.</summary>
    protected override bool Admits(Message message) =>
        message.Facet > AccountFacet || Find(message.Badge) is not null;

    protected override void Notified(uint bits)
    {
        if (((LoginSignals)bits & LoginSignals.Attention) != 0)
        {
            Begin(isAnew: true);
        }

        Collect();
    }

    // A new session, for whoever is at the terminal now. Attention is listened for first: a key that is pressed after
    // that is heard of, and one before it has no session to end.
    private void Begin(bool isAnew)
    {
        AnswerCaller(Result.Cancelled);
        Console.ListenAttention(_attention);
        OpenSession();
        Sleep.Now(out _, out _boot);
        if (Owner.Password is null)
        {
            Seat(Owner, isAnew);
            return;
        }

        _seated = null;
        if (isAnew)
        {
            Say("\r\n");
        }

        Prompt();
    }

    private void Prompt()
    {
        Sleep.Now(out ulong now, out _);
        if (now >= _notBefore)
        {
            Ask(Stage.Name);
            return;
        }

        _stage = Stage.Delay;
        SayWait(now);
        if (_alarm.IsPending)
        {
            AlarmedServer.ReplyNextAlarm(_alarm, Result.Ok, _notBefore);
            _alarm = default;
        }
    }

    private void Ask(Stage stage)
    {
        _stage = stage;
        _reader.Begin(isHidden: stage != Stage.Name);
        Say(stage switch
        {
            Stage.Name => "login: ",
            Stage.Password => "password: ",
            Stage.Present => "present password: ",
            Stage.First => $"new password of {_subject!.Name}: ",
            _ => "the same again: ",
        });
        _session.Listen(_typed);
    }

    // One byte at a time: what is typed ahead belongs to whoever gets the session.
    private void Collect()
    {
        System.Span<byte> one = stackalloc byte[1];
        while (_stage > Stage.Delay && _session.Read(one, out int count) == Result.Ok && count != 0)
        {
            PromptEvent happened = _reader.Type(one[0], out string echo);
            Say(echo);
            if (happened == PromptEvent.Entered)
            {
                Enter();
            }
            else if (happened == PromptEvent.Cancelled)
            {
                GiveUp();
            }
        }

        one.Clear();
    }

    private void Enter()
    {
        switch (_stage)
        {
            case Stage.Name:
                _name = Encoding.UTF8.GetString(_reader.Line);
                Ask(Stage.Password);
                break;
            case Stage.Password:
                Desk? desk = Find(_name);
                Pass(_passwords.IsRight(_reader.Line, desk?.Password), desk);
                break;
            case Stage.Present:
                _name = _subject!.Name;
                Pass(_passwords.IsRight(_reader.Line, _subject.Password), _subject);
                break;
            case Stage.First:
                TakeNew();
                break;
            default:
                bool isSame = _passwords.IsRight(_reader.Line, _new);
                Say(isSame ? "" : "that was another; Ctrl-C gives up\r\n");
                Complete(isSame);
                break;
        }

        if (_stage <= Stage.Delay)
        {
            _reader.Begin(isHidden: true);
        }
    }

    // Who knows a password of his own has not shown that it was not he who guessed at another's: that count stays.
    private void Pass(bool isRight, Desk? desk)
    {
        if (isRight)
        {
            _failures = desk == Owner || _guessedAt == _name ? 0 : _failures;
            if (_stage == Stage.Present)
            {
                Ask(Stage.First);
                return;
            }

            Seat(desk!, isAnew: true);
            return;
        }

        Sleep.Now(out ulong now, out _);
        _notBefore = now + (NsPerSecond << System.Math.Min(_failures, LongestDelayLog2));
        _guessedAt = _failures == 0 || _guessedAt == _name ? _name : null;
        _failures++;
        if (_stage == Stage.Present)
        {
            Say("that is not your password\r\n");
            GoOn(Accounts.WrongPassword);
            return;
        }

        Say("login incorrect\r\n");
        Reopen();
        Prompt();
    }

    private void TakeNew()
    {
        if (_reader.Line.Length == 0)
        {
            Say("it must not be empty; Ctrl-C gives up\r\n");
            Ask(Stage.First);
            return;
        }

        Result result = _passwords.Make(_reader.Line, out _new);
        if (result == Result.Ok)
        {
            Ask(Stage.Second);
        }
        else
        {
            GoOn(result);
        }
    }

    private void Complete(bool isSame)
    {
        if (!isSame)
        {
            Ask(Stage.First);
            return;
        }

        Result result = _desks.Contains(_subject!) ? Result.Ok : Make(_subject!);
        if (result == Result.Ok)
        {
            _subject!.Password = _new;
        }

        GoOn(result);
    }

    private void GiveUp()
    {
        if (_stage <= Stage.Password)
        {
            Ask(Stage.Name);
        }
        else
        {
            GoOn(Result.Cancelled);
        }
    }

    // It was typed as a new password: the desk's shell would show it, and remember it.
    private void DropTypedAhead()
    {
        System.Span<byte> some = stackalloc byte[64];
        while (_session.Read(some, out int count) == Result.Ok && count != 0)
        {
        }

        some.Clear();
    }

    // Back to the desk that has asked.
    private void GoOn(Result result)
    {
        _new = default;
        if (result is not (Result.Ok or Result.Cancelled))
        {
            DropTypedAhead();
        }

        Seat(_asker!, isAnew: false);
        AnswerCaller(result);
    }

    // Add is answered by the same message as ChangePassword: both have nothing but their result.
    private void AnswerCaller(Result result)
    {
        DeferredReply caller = _caller;
        _caller = default;
        _asker = null;
        _subject = null;
        if (caller.IsPending)
        {
            AccountServer.ReplyChangePassword(caller, result);
        }
    }

    private void Seat(Desk desk, bool isAnew)
    {
        _stage = Stage.Seated;
        _seated = desk;
        _isAnew = isAnew;
        if (_store.Get(desk.ListenerPlace, out ICapability listener) == Result.Ok)
        {
            Tell(listener);
        }
    }

    // Whoever chose the capability cannot keep this process waiting.
    private static void Tell(ICapability listener)
    {
        MessageRegisters message = default;
        message.Reply(CapabilityClient.RegisterOf(listener), 0);
    }

    private void Reopen()
    {
        Console.CloseSessions();
        OpenSession();
    }

    private void OpenSession()
    {
        Capabilities.Release(_session);
        Console.OpenSession(out _session);
        Capabilities.Keep(_session);
    }

    private void SayWait(ulong now) =>
        Say($"wait {(_notBefore - now + NsPerSecond - 1) / NsPerSecond} s for the next try\r\n");

    private void Say(string text)
    {
        if (text.Length > 0)
        {
            _session.Write(text);
        }
    }

    private Desk? Find(uint number) => _desks.Find(desk => desk.Number == number);

    private Desk? Find(string name) => _desks.Find(desk => desk.Name == name);
}
