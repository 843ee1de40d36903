// AgentDomain: owns the terminal on behalf of everybody. It alone holds the console grant, which survives restarts;
// the session made from it does not, and nobody but the agent ever sees one. Programs hold the agent, so they notice
// no restart.
//
// The half-typed line, the history and whoever waits for a line are fields here: after a restart the watcher calls
// Restarted, a new session is opened, and prompt and line are drawn as they were.
//
// Invariant: bytes are taken from the session only while somebody waits for a line; what is typed ahead stays with
// the kernel, and what came in one piece with the end of a line stays in _typed.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Agent;

/// <summary>The session agent.</summary>
[Domain]
public sealed partial class AgentDomain : Domain, ITerminal, IRestartObserver
{
    private const int TypedBytes = 256;

    private readonly LineEditor _editor = new();
    private readonly byte[] _typed = new byte[TypedBytes];
    private int _typedAt;
    private int _typedEnd;
    private IConsoleSession _session = ConsoleSessionClient.Void;
    private DeferredReply _reader;

    [Capability]
    internal partial IConsoleGrant Console { get; }

    /// <summary>Of this domain itself: what the console sends when something is typed.</summary>
    [Capability]
    internal partial INotification Typed { get; }

    protected override int MaxString => 16384;

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

        _reader = Defer();
        _editor.Show(prompt);
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

    protected override void Notified(uint bits) => Collect();

    // Everything that was typed, up to the end of the line; only an emptied session notifies again.
    private void Collect()
    {
        Flush();
        while (_reader.IsPending && HasTyped())
        {
            if (_editor.Type(_typed[_typedAt++]) == LineEvent.Entered)
            {
                DeferredReply reader = _reader;
                _reader = default;
                Flush();
                TerminalServer.ReplyReadLine(reader, Result.Ok, _editor.Entered);
            }
            else if (_typedAt == _typedEnd)
            {
                Flush();
            }
        }
    }

    private bool HasTyped()
    {
        if (_typedAt == _typedEnd)
        {
            _typedAt = 0;
            Result result = _session.Read(_typed, out _typedEnd);
            if (result != Result.Ok)
            {
                OpenSession();
                result = _session.Read(_typed, out _typedEnd);
            }

            _typedEnd = result == Result.Ok ? _typedEnd : 0;
        }

        return _typedAt < _typedEnd;
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
    }
}
