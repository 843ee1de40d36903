// ShellDomain: reads a line, obeys it, prints, and so for ever. Its variables are an ordinary dictionary: they are
// there after a power cut because everything is.
//
// What can be told apart from outside after a restart is only the command during which a checkpoint was taken: it
// goes on from the call that took it. `halt` is the one command that must not do its work twice; it remembers the
// boot in which it was given.

using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Shell;

/// <summary>The interactive shell.</summary>
[Domain]
public sealed partial class ShellDomain : Domain, IShell
{
    private const string Prompt = "eros> ";
    private const string NotYours = "not yours: ";

    private readonly Dictionary<string, string> _variables = [];
    private Command[] _commands = [];
    private bool _maySetClock;
    private ITerminal _terminal = TerminalClient.Void;
    private IForeground _foreground = ForegroundClient.Void;
    private IAccount _account = AccountClient.Void;
    private ICounter _counter = CounterClient.Void;
    private ICheckpoint _checkpoint = CheckpointClient.Void;
    private IWarden _warden = WardenClient.Void;
    private INode _programs = NodeClient.Void;
    private IPage _programNames = PageClient.Void;
    private IPage _notePage = PageClient.Void;
    private IClock _clock = ClockClient.Void;
    private IClockSetter _clockSetter = ClockSetterClient.Void;
    private IUpgrades _upgrades = UpgradesClient.Void;
    private ulong _lastCount;

    /// <summary>All that the shell can reach, by <see cref="DeskSlots"/>.</summary>
    [Capability]
    internal partial INode Desk { get; }

    protected override void Main()
    {
        TakeDesk();
        _commands = Commands();
        Greet();
        while (true)
        {
            Result result = _terminal.ReadLine(Prompt, out string line);
            if (result == Result.Ok)
            {
                Obey(line.Trim());
            }
            else if (result is not (Result.Cancelled or Result.Busy))
            {
                throw new InvocationException(result);
            }
        }
    }

    private void TakeDesk()
    {
        ISessionAgent agent = SessionAgentClient.Of(Take(DeskSlots.Agent));
        agent.Open(out _terminal, out _foreground);
        Capabilities.Release(agent);
        _account = AccountClient.Of(Take(DeskSlots.Account));
        _counter = CounterClient.Of(Take(DeskSlots.Counter));
        _checkpoint = CheckpointClient.Of(Take(DeskSlots.Checkpoint));
        _warden = WardenClient.Of(Take(DeskSlots.Warden));
        _programs = NodeClient.Of(Take(DeskSlots.Programs));
        _programNames = PageClient.Of(Take(DeskSlots.ProgramNames));
        _notePage = PageClient.Of(Take(DeskSlots.NotePage));
        _clock = ClockClient.Of(Take(DeskSlots.Clock));
        _clockSetter = ClockSetterClient.Of(Take(DeskSlots.ClockSetter));
        _upgrades = UpgradesClient.Of(Take(DeskSlots.Upgrades));
    }

    private ICapability Take(uint slot)
    {
        Desk.Fetch(slot, out ICapability thing);
        return thing;
    }

    /// <summary>Obeys one line.</summary>
    internal void Obey(string line)
    {
        if (line.Length == 0)
        {
            return;
        }

        (string name, string arguments) = SplitFirst(line);
        foreach (Command command in _commands)
        {
            if (command.Name == name)
            {
                ObeyWith(command, arguments);
                return;
            }
        }

        Print($"{name}: no such command; help lists them\n");
    }

    // Whoever types more than a command takes means something else by it: "halt now?" is a question.
    private void ObeyWith(Command command, string arguments)
    {
        if (!command.IsHeld)
        {
            Print($"{NotYours}{command.Name}\n");
        }
        else if (arguments.Length == 0 || command.TakesArguments)
        {
            command.Obey(arguments);
        }
        else
        {
            Print($"usage: {command.Usage}\n");
        }
    }

    private static (string First, string Others) SplitFirst(string line)
    {
        int blank = line.IndexOf(' ');
        return blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..].Trim());
    }

    private void Help(string arguments)
    {
        foreach (Command command in _commands)
        {
            Print(!command.IsHeld ? "" : $"  {command.Usage,-18} {command.Purpose}\n");
        }
    }

    private void ListProcesses(string arguments)
    {
        for (uint index = 0; _warden.Describe(index, out string description) == Result.Ok; index++)
        {
            Print(description + "\n");
        }
    }

    private void ListCapabilities(string arguments)
    {
        (string Name, ICapability Capability)[] held =
        [
            ("terminal", _terminal), ("foreground", _foreground), ("account", _account), ("counter", _counter),
            ("checkpoint", _checkpoint), ("warden", _warden), ("programs", _programs), ("note", _notePage),
            ("clock", _clock), ("clock setter", _clockSetter), ("upgrades", _upgrades),
        ];
        foreach ((string name, ICapability capability) in held)
        {
            Print($"  {name,-12} {TypeName(capability)}\n");
        }

        Directory programs = new(_programNames, _programs);
        for (int entry = 0; entry < Directory.Limit; entry++)
        {
            string name = programs.NameOf(entry);
            if (name.Length > 0)
            {
                Print($"    programs/{name}\n");
            }
        }
    }

    private void Set(string arguments)
    {
        (string name, string value) = SplitFirst(arguments);
        if (name.Length == 0 || value.Length == 0)
        {
            Print("usage: set NAME VALUE\n");
            return;
        }

        _variables[name] = value;
    }

    private void Get(string arguments)
    {
        (string name, string others) = SplitFirst(arguments);
        if (name.Length == 0 || others.Length != 0)
        {
            Print("usage: get NAME\n");
            return;
        }

        Print(_variables.TryGetValue(name, out string? value) ? value + "\n" : "not set\n");
    }

    // Journalled: it stays, though the machine may come back to before it was written.
    private void Note(string text)
    {
        byte[] page = new byte[MappedPage.SizeInBytes];
        if (text.Length == 0)
        {
            _notePage.Read(0, MappedPage.SizeInBytes, page, out int stored);
            int length = System.Array.IndexOf(page, (byte)0);
            Print(Encoding.UTF8.GetString(page, 0, length < 0 ? stored : length) + "\n");
            return;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        System.Array.Copy(bytes, page, System.Math.Min(bytes.Length, page.Length));
        Result result = _notePage.Write(0, page);
        result = result == Result.Ok ? _checkpoint.JournalPage(_notePage) : result;
        Print(result == Result.Ok ? "on disk\n" : $"not on disk: {ResultText.Of(result)}\n");
    }

    private void Date(string arguments)
    {
        if (arguments.Length != 0 && !_maySetClock)
        {
            Print(NotYours + "setting the date\n");
            return;
        }

        if (arguments.Length != 0)
        {
            bool isTime = UtcTime.TryParse(arguments, out UtcTime time);
            Result set = isTime ? _clockSetter.Set(time.Ticks) : Result.Ok;
            Print(!isTime ? "usage: date [YYYY-MM-DD HH:MM:SS]\n" : set == Result.Ok ? "" : ResultText.Of(set) + "\n");
            return;
        }

        Result result = _clock.Now(out ulong ticks);
        Print(result switch
        {
            Result.Ok => UtcTime.At(ticks) + " UTC\n",
            Clocks.Unknown => "nobody knows: date YYYY-MM-DD HH:MM:SS sets it, in UTC\n",
            _ => ResultText.Of(result) + "\n",
        });
    }

    private void Count(string arguments)
    {
        ulong expected = _lastCount + 1;
        Result result = _counter.Increment(out ulong count);
        if (result != Result.Ok)
        {
            Print($"counter: {ResultText.Of(result)}\n");
            return;
        }

        _lastCount = count;
        string doubt = count == expected ? "" : $", {expected} expected: another program may have counted";
        Print($"counter {count}{doubt}\n");
    }

    private void TakeCheckpoint(string arguments)
    {
        if (Commit(out ulong generation))
        {
            Print($"generation {generation} committed\n");
        }
    }

    private void ShowGeneration(string arguments)
    {
        Result result = _checkpoint.Generation(out ulong committed, out _, out _);
        Print(result == Result.Ok ? $"generation {committed}\n" : ResultText.Of(result) + "\n");
    }

    private void Halt(string arguments)
    {
        ulong boot = BootEpoch();
        if (Commit(out _) && BootEpoch() == boot)
        {
            _checkpoint.PowerOff();
        }
    }

    // A program answers once, when it has done; who asks for lines for programs waits for nothing else.
    private void Bench(string arguments)
    {
        if (!arguments.Contains("--json"))
        {
            Print("measuring takes minutes; the table comes when all is measured; Ctrl-C gives it up\n");
        }

        Run("bench " + arguments);
    }

    private void Debug(string arguments) => Run("debug " + arguments);

    private void Reserve(string arguments) => Run("reserve " + arguments);

    private void Demo(string arguments) => Run("demo " + arguments);

    private void Run(string arguments)
    {
        (string name, string rest) = SplitFirst(arguments);
        if (name.Length == 0)
        {
            Print("usage: run NAME [ARGUMENTS]; caps lists the programs\n");
            return;
        }

        if (!new Directory(_programNames, _programs).TryFind(name, out ICapability program))
        {
            Print($"{name}: no such program; caps lists them\n");
            return;
        }

        Result result = _foreground.Run(ProgramClient.Of(program), rest, out string output);
        Capabilities.Release(program);
        Print(output);
        if (result != Result.Ok && output.Length == 0)
        {
            Print(name + Reason(result) + "\n");
        }
    }

    private static string Reason(Result result) => result switch
    {
        Result.VoidCapability => " gave no answer",
        Result.Cancelled => ": given up; it may still be running",
        _ => ": " + ResultText.Of(result),
    };

    private bool Commit(out ulong generation)
    {
        Result result = _checkpoint.Take(out generation);
        if (result == Result.Ok)
        {
            result = _checkpoint.WaitCommitted(generation);
        }

        if (result != Result.Ok)
        {
            Print($"no checkpoint: {ResultText.Of(result)}\n");
        }

        return result == Result.Ok;
    }

    private ulong BootEpoch()
    {
        KernelCounters counters = default;
        _checkpoint.Counters(MemoryMarshal.AsBytes(new System.Span<KernelCounters>(ref counters)), out _);
        return counters.BootEpoch;
    }

    private void Print(string text) => _terminal.Write(text);
}
