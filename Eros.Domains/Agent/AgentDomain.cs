// AgentDomain: owns the terminal on behalf of everybody. It alone holds the console grant, which survives restarts;
// the session made from it does not, and nobody but the agent ever sees one. Programs hold the agent, so they notice
// no restart.
//
// The half-typed line, the history and whoever waits for a line are fields here: after a restart the watcher calls
// Restarted, a new session is opened, and prompt and line are drawn as they were.
//
// After the attention key the session is void as well. The agent forgets what was typed before it, and does the same.
//
// Ctrl-C ends what is waited for at the terminal: a line, or a program in the foreground.
//
// Invariant: bytes are taken from the session only while somebody waits for a line or a program; what is typed ahead
// otherwise stays with the kernel.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Agent;

/// <summary>The session agent.</summary>
[Domain]
public sealed partial class AgentDomain : Domain, ITerminal, IForeground, IRestartObserver
{
    private readonly LineEditor _editor = new();
    private readonly TypeAhead _typed = new();
    private readonly Foreground _foreground;
    private IConsoleSession _session = ConsoleSessionClient.Void;
    private DeferredReply _reader;

    public AgentDomain() => _foreground = new Foreground(Courier, RestartCourier);

    [Capability]
    internal partial IConsoleGrant Console { get; }

    /// <summary>Of this domain itself: what the console sends when something is typed.</summary>
    [Capability]
    internal partial INotification Typed { get; }

    /// <summary>Takes requests to programs.</summary>
    [Capability]
    internal partial IForeground Courier { get; }

    [Capability]
    internal partial INotification RestartCourier { get; }

    /// <summary>Of this domain itself: what the attention key sends.</summary>
    [Capability]
    internal partial INotification Attention { get; }

    protected override int MaxString => ProgramOrder.MaxString;

    /// <inheritdoc/>
    public Result Write(string text)
    {
        _editor.Print(text);
        Flush();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result ReadLine(string prompt, out string line)
    {
        line = "";
        if (_reader.IsPending)
        {
            return Result.Busy;
        }

        _foreground.Return(Badge);
        _reader = Defer();
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

    /// <inheritdoc/>
    public Result Restarted()
    {
        OpenSession();
        _editor.ShowAgain();
        Collect();
        return Result.Ok;
    }

    protected override void Main() => OpenSession();

    protected override void Notified(uint bits)
    {
        AgentSignals signals = (AgentSignals)bits;
        _foreground.Hear(signals);
        if ((signals & AgentSignals.Attention) != 0)
        {
            _typed.Clear();
            Restarted();
        }
        else
        {
            Collect();
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
                    Flush();
                    TerminalServer.ReplyReadLine(reader, Result.Ok, _editor.Entered);
                    break;
                case LineEvent.Cancelled:
                    Cancel();
                    break;
                default:
                    if (_typed.IsEmpty)
                    {
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
        if (result != Result.Ok)
        {
            OpenSession();
            result = _session.Read(_typed.Room(), out count);
        }

        count = result == Result.Ok ? count : 0;
        _typed.Added(count);
        return count > 0;
    }

    // The session is void after a restart: whoever notices first opens a new one. A second failure is the console's
    // own.
    private void Flush()
    {
        string output = _editor.TakeOutput();
        if (output.Length > 0 && _session.Write(output) != Result.Ok)
        {
            OpenSession();
            _session.Write(output);
        }
    }

    private void OpenSession()
    {
        Capabilities.Release(_session);
        Console.OpenSession(out _session);
        Capabilities.Keep(_session);
        _session.Listen(Typed);
        Console.ListenAttention(Attention);
    }
}
