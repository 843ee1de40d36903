// WardenDomain: keeper of the other domains' processes, and the one who knows them by name.
//
// A domain that faults and mends nothing would leave its caller waiting for ever. The warden answers that caller in
// its place, says on the terminal what happened, and starts the domain again where the composition wants it. Which
// register holds the caller's resume capability is a convention of the run time (CapabilityRegisters.Reply).

using System.Numerics;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Warden;

/// <summary>
/// Facets: what the shell asks; what the kernel tells, where the badge is the domain's number; what run calls.
/// </summary>
[Domain]
public sealed partial class WardenDomain : Domain, IWarden, IKeeper, IProgram
{
    private const int NameColumns = 16;

    // Bytes of the undefined instruction.
    private const int UndefinedBytes = 2;

    // Most that is kept of what a domain says before it ends, and a piece.
    private const int SaidLimit = 3000;

    private readonly string?[] _said = new string?[DomainRecords.Limit];
    private readonly string?[] _why = new string?[DomainRecords.Limit];
    private bool _terminalIsDead;

    /// <summary>A process capability for each domain, by number.</summary>
    [Capability]
    internal partial INode Processes { get; }

    /// <summary>A <see cref="DomainRecord"/> for each domain, by number.</summary>
    [Capability]
    internal partial MappedPage Records { get; }

    [Capability]
    internal partial ITerminal Terminal { get; }

    /// <inheritdoc/>
    public Result Describe(uint index, out string description)
    {
        description = "";
        if (index >= DomainRecords.Limit || Record(index).Name.Length == 0)
        {
            return Result.BadArgument;
        }

        Result result = Look(index, out RunState state, out string why);
        description = Record(index).Name.PadRight(NameColumns) + (result != Result.Ok
            ? ResultText.Of(result)
            : state == RunState.Faulted ? "stopped: " + why.Split('\n')[0] : StateText(state));
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result WhyStopped(uint index, out string why)
    {
        why = "";
        return index >= DomainRecords.Limit || Record(index).Name.Length == 0
            ? Result.BadArgument
            : Look(index, out _, out why);
    }

    /// <inheritdoc/>
    public Result Fault(ulong code, ulong address, ulong info)
    {
        uint number = Badge;
        IProcess process = Process(number);
        ProcessRegisters registers = Registers(process);
        DomainRecord record = Record(number);
        if (FaultText.IsPiece((FaultCode)code, registers))
        {
            string said = _said[number] ?? "";
            _said[number] = said.Length < SaidLimit ? said + FaultText.Piece(registers) : said;
            registers.Rip += UndefinedBytes;
            WriteRegisters(process, registers);
            return Result.Ok;
        }

        if (Throws((FaultCode)code, address, registers.Rip, record.Program))
        {
            registers.Rdi = code;
            registers.Rsi = registers.Rip;
            registers.Rip = record.Program.FaultEntry;
            WriteRegisters(process, registers);
            return Result.Ok;
        }

        string text = FaultText.Of((FaultCode)code, address, registers, _said[number] ?? "");
        _said[number] = null;
        _why[number] = text;

        // First of all: the caller may be who is needed for the line below.
        AnswerCaller(process);
        _terminalIsDead |= (record.Flags & DomainFlags.Terminal) != 0;
        if (!_terminalIsDead)
        {
            // Each line says whose it is, so that none can be taken for another's.
            Terminal.Write($"{record.Name}: {text.Replace("\n", "\n" + record.Name + ": ")}\n");
        }

        // What is damaged on the disk is so when it starts again, and there would be no end of it.
        if ((record.Flags & DomainFlags.Restarts) != 0 && (FaultCode)code != FaultCode.BadObject)
        {
            Restart(process, record);
        }

        return Result.VoidCapability;
    }

    /// <summary>restart NAME: starts a domain again from its entry, whatever it was doing.</summary>
    public Result Run(string arguments, out string output)
    {
        string[] words = arguments.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || words[0] != "restart")
        {
            output = "usage: restart NAME\n";
            return Result.BadArgument;
        }

        if (new DomainRecords(Records).TryFind(words[1], out uint number))
        {
            return RestartOnRequest(number, Record(number), out output);
        }

        output = $"no domain {words[1]}\n";
        return Result.BadArgument;
    }

    /// <summary>Bit n: domain n is to start again; the composition decides who may say so of whom.</summary>
    protected override void Notified(uint bits)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            uint number = (uint)BitOperations.TrailingZeroCount(bits);
            Restart(Process(number), Record(number));
        }
    }

    private ref DomainRecord Record(uint number) => ref new DomainRecords(Records)[number];

    private IProcess Process(uint number)
    {
        Processes.Fetch(number, out ICapability process);
        return ProcessClient.Of(process);
    }

    // What it said in pieces can be had from here alone; of a fault that was told to nobody there are the registers.
    private Result Look(uint number, out RunState state, out string why)
    {
        IProcess process = Process(number);
        Result result = process.Describe(out ulong run, out ulong code, out ulong address);
        state = (RunState)run;
        why = state != RunState.Faulted || result != Result.Ok
            ? ""
            : _why[number] ?? FaultText.Of((FaultCode)code, address, Registers(process), "");
        return result;
    }

    private static ProcessRegisters Registers(IProcess process)
    {
        ProcessRegisters registers = default;
        process.ReadRegisters(MemoryMarshal.AsBytes(new System.Span<ProcessRegisters>(ref registers)), out _);
        return registers;
    }

    // C# that reads through a null reference, or divides by zero, goes on with an exception. Other code knows nothing
    // of those.
    private static bool Throws(FaultCode code, ulong address, ulong rip, in ProgramHeader program) =>
        rip >= program.CodeStart && rip < program.CodeEnd
            && (code == FaultCode.Divide || (code == FaultCode.InvalidAddress && address < MappedPage.SizeInBytes));

    private static void WriteRegisters(IProcess process, in ProcessRegisters registers) =>
        process.WriteRegisters(MemoryMarshal.AsBytes(new System.ReadOnlySpan<ProcessRegisters>(in registers)));

    private Result RestartOnRequest(uint number, in DomainRecord record, out string output)
    {
        if ((record.Flags & DomainFlags.Restarts) == 0)
        {
            output = $"{record.Name} is not to be restarted: its composition does not say Restarts\n";
            return Result.BadArgument;
        }

        Restart(Process(number), record);
        output = $"{record.Name} starts again\n";
        return Result.Ok;
    }

    // Whoever called the domain last. If it was answered already, or nobody called, the capability is void and
    // nothing happens. The domain may have put any capability there: the warden does not wait for it.
    private static void AnswerCaller(IProcess process)
    {
        process.FetchRegister(CapabilityRegisters.Reply, out ICapability caller);
        MessageRegisters message = default;
        message.Order = (uint)Result.VoidCapability;
        message.Reply(CapabilityClient.RegisterOf(caller), 0);
    }

    private static void Restart(IProcess process, in DomainRecord record)
    {
        process.MakeAvailable();
        WriteRegisters(process, new ProcessRegisters { Rip = record.Entry, Rsp = record.StackTop });
        process.Run();
    }

    private static string StateText(RunState state) => state switch
    {
        RunState.Available => "waits for messages",
        RunState.Waiting => "waits for an answer",
        RunState.Running => "runs",
        RunState.KernelWait => "sleeps",
        _ => $"state {(uint)state}",
    };
}
