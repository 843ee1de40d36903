// DeskDomain: windows on a text screen. Each is drawn by a program of its own, a constructor's product, which is asked
// for its lines; the desk puts them side by side. Nobody saves anything. After a restart the desk is told, and draws
// what the programs show now: they are where they were.

using System;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Desk;

/// <summary>Facets: what is typed for the desk; who tells of restarts.</summary>
[Domain]
public sealed partial class DeskDomain : Domain, IProgram, IRestartObserver
{
    private const ulong Limit = 300;
    private const int Columns = 24;
    private const int Rows = 8;

    private static readonly string[] _names = ["editor", "solitaire", "clock"];

    private readonly IPane[] _panes = [PaneClient.Void, PaneClient.Void, PaneClient.Void];
    private ISpaceBank _windowsBank = SpaceBankClient.Void;
    private bool _isOpen;

    [Capability]
    internal partial ITerminal Terminal { get; }

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial ISchedule Schedule { get; }

    /// <summary>Constructors of the programs, in the order of their names.</summary>
    [Capability]
    internal partial INode Programs { get; }

    /// <summary>Nothing, "close", or a window's name and a command to its program.</summary>
    public Result Run(string arguments, out string output)
    {
        if (arguments == "close")
        {
            output = _isOpen ? "the windows are closed\n" : "no window is open\n";
            return _isOpen ? Close() : Result.BadArgument;
        }

        Result result = _isOpen ? Result.Ok : Open();
        result = result == Result.Ok && arguments.Length > 0 ? Command(arguments) : result;
        output = result == Result.Ok ? Screen() : "usage: [close | editor type TEXT | editor erase | "
            + "solitaire move FROM TO | solitaire new]\n";
        return result;
    }

    /// <inheritdoc/>
    public Result Restarted() => _isOpen ? Terminal.Write("\n" + Screen()) : Result.Ok;

    private Result Open()
    {
        Result result = Bank.CreateAccount(Limit, out _windowsBank, out ISpaceBank account);
        if (result != Result.Ok)
        {
            return result;
        }

        Capabilities.Keep(_windowsBank);
        _isOpen = true;
        for (int i = 0; i < _names.Length && result == Result.Ok; i++)
        {
            Programs.Fetch((uint)i, out ICapability thing);
            result = ConstructorClient.Of(thing).Request(
                account, Schedule, CapabilityClient.At(0), out ICapability product);
            Capabilities.Release(thing);
            Capabilities.Keep(product);
            _panes[i] = PaneClient.Of(product);
        }

        if (result != Result.Ok)
        {
            Close();
        }

        return result;
    }

    private Result Close()
    {
        _isOpen = false;
        Result result = _windowsBank.Destroy();
        Capabilities.Release(_windowsBank);
        for (int i = 0; i < _names.Length; i++)
        {
            Capabilities.Release(_panes[i]);
            _panes[i] = PaneClient.Void;
        }

        return result;
    }

    private Result Command(string arguments)
    {
        string[] words = arguments.Split(' ', 2);
        int window = Array.IndexOf(_names, words[0]);
        return window < 0 || words.Length < 2 ? Result.BadArgument : _panes[window].Obey(words[1]);
    }

    private string Screen()
    {
        string[][] windows = new string[_names.Length][];
        StringBuilder text = new();
        for (int i = 0; i < _names.Length; i++)
        {
            windows[i] = _panes[i].Draw(out string lines) == Result.Ok ? lines.Split('\n') : ["(does not answer)"];
            text.Append($"+- {_names[i]} ".PadRight(Columns + 1, '-'));
        }

        text.Append("+\n");
        for (int row = 0; row < Rows; row++)
        {
            foreach (string[] window in windows)
            {
                string line = row < window.Length ? window[row] : "";
                line = line.Length < Columns - 1 ? line : line[..(Columns - 1)];
                text.Append("| ").Append(line.PadRight(Columns - 1));
            }

            text.Append("|\n");
        }

        return text.Append('+').Append('-', (Columns + 1) * _names.Length - 1).Append("+\n").ToString();
    }
}
