// AgentDomain: owns a desk's terminal on behalf of everybody on the desk. It has a seat at the login agent, from which
// it takes a session while the desk's user is logged in; nobody on the desk but this agent ever sees one. Programs hold
// the agent, so they notice no restart.
//
// The half-typed line, the history and whoever waits for a line are fields here: after a restart or a login there is a
// new session, and prompt and line are drawn as they were. A restart may come between any two steps of this, and word
// of it late: whoever notices first that the session is void takes another.
//
// What is typed stands in a page, too, that a scribe makes durable at once: after a power cut it is newer than these
// fields, and taken over from there (SavedLine).
//
// While there is no session, the desk's shell waits for its lines; to all others the terminal is void.
//
// Ctrl-C ends what is waited for at the terminal: a line, or a program in the foreground.
//
// Invariants: bytes are taken from the session only while somebody waits for a line or a program; what is typed ahead
// otherwise stays with the kernel. While the session is not void, it has been given prompt and line, or they wait in
// the editor's output: TakeSession has seen to it.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Agent;

/// <summary>The session agent.</summary>
[Domain]
public sealed partial class AgentDomain : Domain, ITerminal, IForeground, ISessionAgent
{
    /// <summary>The badge of the desk's shell.</summary>
    public const uint ShellBadge = 1;

    private const int TerminalFacet = 0;
    private const int ForegroundFacet = 1;

    private readonly LineEditor _editor = new();
    private readonly TypeAhead _typed = new();
    private readonly SavedLine _saved = new();
    private readonly Foreground _foreground;
    private IConsoleSession _session = ConsoleSessionClient.Void;
    private INotification _listener = NotificationClient.Void;
    private DeferredReply _reader;
    private uint _readersBadge;

    public AgentDomain() => _foreground = new Foreground(new Couriers(CourierMaker, CourierSchedule, Self));

    /// <summary>Where sessions come from.</summary>
    [Capability]
    internal partial ISeat Seat { get; }

    /// <summary>This very process: what the shell holds, and what tells it of things, is made of it.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <summary>Makes who takes requests to programs.</summary>
    [Capability]
    internal partial IConstructor CourierMaker { get; }

    [Capability]
    internal partial ISchedule CourierSchedule { get; }

    /// <summary>Where what is typed is kept from power cuts; there may be none.</summary>
    [Capability]
    internal partial IPage LinePage { get; }

    /// <summary>Tells who makes that page durable.</summary>
    [Capability]
    internal partial INotification Scribe { get; }

    protected override int MaxString => ProgramOrder.MaxString;

    /// <inheritdoc/>
    public Result Open(out ITerminal terminal, out IForeground foreground)
    {
        Self.MakeStart(Message.Payload(TerminalFacet, ShellBadge), out ICapability first);
        Result result = Self.MakeStart(Message.Payload(ForegroundFacet, ShellBadge), out ICapability second);
        terminal = TerminalClient.Of(first);
        foreground = ForegroundClient.Of(second);
        return result;
    }

    /// <inheritdoc/>
    public Result Write(string text)
    {
        _editor.Print(text);
        return Flush();
    }

    /// <inheritdoc/>
    public Result ReadLine(string prompt, out string line)
    {
        line = "";
        if (_reader.IsPending)
        {
            return Result.Busy;
        }

        if (Badge != ShellBadge && !RenewSession())
        {
            return Result.VoidCapability;
        }

        _foreground.Return(Badge);
        _reader = Defer();
        _readersBadge = Badge;
        _editor.Show(prompt);
        Collect();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Run(IProgram program, string arguments, out string output)
    {
        output = "";
        if (_foreground.IsBusy)
        {
            return Result.Busy;
        }

        _foreground.Begin(Badge, Defer(), program, arguments);
        Collect();
        return Result.Ok;
    }

    protected override void Main()
    {
        Self.MakeNotification((uint)AgentSignals.Typed, out _listener);
        Capabilities.Keep(_listener);
        Self.MakeNotification((uint)AgentSignals.Seated, out INotification seated);
        Seat.Listen(seated);
        Capabilities.Release(seated);
    }

    protected override void Notified(uint bits)
    {
        AgentSignals signals = (AgentSignals)bits;
        _foreground.Hear(signals);
        if ((signals & AgentSignals.Seated) != 0)
        {
            RenewSession();
        }

        Collect();
    }

    // What somebody else typed does not count, and who waited for their line has waited at a terminal that is void.
    private void ForgetOthers()
    {
        _typed.Clear();
        if (_reader.IsPending && _readersBadge != ShellBadge)
        {
            DeferredReply reader = _reader;
            _reader = default;
            _editor.Withdraw();
            TerminalServer.ReplyReadLine(reader, Result.VoidCapability, "");
        }
    }

    // Everything that was typed: only an emptied session notifies again. Up to the end of the line, when there is a
    // reader; what comes after that waits for the next.
    private void Collect()
    {
        Flush();
        while (_reader.IsPending && (!_typed.IsEmpty || Fetch()))
        {
            switch (_editor.Type(_typed.Take()))
            {
                case LineEvent.Entered:
                    DeferredReply reader = _reader;
                    _reader = default;
                    _saved.Enter(_editor.Entered);
                    Save();
                    Flush();
                    TerminalServer.ReplyReadLine(reader, Result.Ok, _editor.Entered);
                    break;
                case LineEvent.Cancelled:
                    Save();
                    Cancel();
                    break;
                default:
                    if (_typed.IsEmpty)
                    {
                        Save();
                        Flush();
                    }

                    break;
            }
        }

        bool isWatching = _foreground.IsPending && !_reader.IsPending;
        while (isWatching)
        {
            if (_typed.ForgetThrough(KeyReader.CancelByte))
            {
                _editor.Print("^C\n");
                Cancel();
            }

            isWatching = _foreground.IsPending && Fetch();
        }
    }

    private void Cancel()
    {
        Flush();
        DeferredReply reader = _reader;
        _reader = default;
        TerminalServer.ReplyReadLine(reader, Result.Cancelled, "");
        _foreground.GiveUp();
    }

    /// <summary>Takes from the session what was typed; false when that is nothing.</summary>
    private bool Fetch()
    {
        Result result = _session.Read(_typed.Room(), out int count);
        if (result != Result.Ok && TakeSession())
        {
            Flush();
            result = _session.Read(_typed.Room(), out count);
        }

        count = result == Result.Ok ? count : 0;
        _typed.Added(count);
        return count > 0;
    }

    // What nobody may see now is gone.
    private Result Flush()
    {
        string output = _editor.Output;
        Result result = output.Length == 0 ? Result.Ok : _session.Write(output);
        if (result != Result.Ok && TakeSession())
        {
            result = _session.Write(_editor.Output);
        }

        _editor.DropOutput();
        return result;
    }

    // A checkpoint may have been taken in the middle of a key, and the power have gone later: then the page is newer.
    private void Save()
    {
        if (Recall())
        {
            _editor.ShowInstead();
        }
        else if (LinePage.Write(0, _saved.Write(_editor.Buffer)) == Result.Ok)
        {
            Scribe.Notify();
        }
    }

    // After a power cut the page is newer than everything here; false: it is not.
    private bool Recall()
    {
        Span<byte> stamp = stackalloc byte[SavedLine.StampBytes];
        if (LinePage.Read(0, SavedLine.StampBytes, stamp, out _) != Result.Ok || !_saved.IsOlderThan(stamp))
        {
            return false;
        }

        byte[] page = new byte[MappedPage.SizeInBytes];
        return LinePage.Read(0, MappedPage.SizeInBytes, page, out _) == Result.Ok
            && _saved.TryRecall(page, _editor.Buffer);
    }

    /// <summary>Sees to a session that is not void; false when the desk's user is not logged in.</summary>
    private bool RenewSession() => _session.Write("") == Result.Ok || TakeSession();

    // In the place of a void one. Prompt and line are in what is to be written next.
    private bool TakeSession()
    {
        Capabilities.Release(_session);
        Result result = Seat.Open(out _session, out bool isAnew);
        if (result == Result.Ok)
        {
            Capabilities.Keep(_session);
            result = _session.Listen(_listener);
        }
        else
        {
            _session = ConsoleSessionClient.Void;
        }

        if (result == Result.Ok && isAnew)
        {
            ForgetOthers();
        }

        if (result == Result.Ok)
        {
            _editor.ShowAgain(isAnother: Recall());
        }

        return result == Result.Ok;
    }
}
