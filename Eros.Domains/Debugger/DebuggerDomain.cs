// DebuggerDomain: looks at domains, stopped or not, and has them go on or end. It holds the process capability of each
// and the bank of each, which is all the authority that there is over them: so the shell has it, and nobody else.

using System;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Debugger;

/// <summary>debug NAME [WHAT].</summary>
[Domain]
public sealed partial class DebuggerDomain : Domain, IProgram
{
    private const int DefaultBytes = 64;
    private const int MaxBytes = 1024;
    private const int RowBytes = 16;
    private const string WardensName = "warden";
    private const string CutShort = "\nthe warden, who knows more of what it said, does not answer now";
    private const string TraceStart = "\n   at ";

    private const string Usage = """
        usage: debug NAME            what it is doing, where, and its registers
               debug NAME memory ADDRESS [BYTES]
               debug NAME caps       its capabilities
               debug NAME resume     a stopped one tries its instruction again
               debug NAME destroy    ends a stopped one for good, with all that was bought from its bank
               debug NAME destroy now   ends one that has not stopped

        """;

    /// <summary>A process capability for each domain that is not private, by number.</summary>
    [Capability]
    internal partial INode Processes { get; }

    /// <summary>The bank of each of them, by number.</summary>
    [Capability]
    internal partial INode Banks { get; }

    /// <summary>A <see cref="DomainRecord"/> for each domain, by number.</summary>
    [Capability]
    internal partial MappedPage Records { get; }

    [Capability]
    internal partial IDiscrim Discrim { get; }

    /// <summary>Knows why domains have stopped.</summary>
    [Capability]
    internal partial IWarden Warden { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        StringBuilder text = new();
        Result result = words.Length == 0 ? Result.BadArgument : Obey(words, text);
        output = result == Result.BadArgument && text.Length == 0 ? Usage : text.ToString();
        return result;
    }

    private Result Obey(string[] words, StringBuilder text)
    {
        Result result = new DomainRecords(Records).FindOpen(words[0], out uint number, out string problem);
        text.Append(problem);
        if (result != Result.Ok)
        {
            return result;
        }

        Processes.Fetch(number, out ICapability thing);
        IProcess process = ProcessClient.Of(thing);
        result = process.Describe(out ulong state, out ulong code, out ulong address);
        if (result != Result.Ok)
        {
            text.Append($"{words[0]} is no more\n");
            return result;
        }

        return (words.Length == 1 ? "" : words[1]) switch
        {
            "" when (RunState)state == RunState.Faulted =>
                Show(Look(process, number), "stopped: " + Why(process, number, (FaultCode)code, address), text),
            "" => Show(Look(process, number), WhatItDoes((RunState)state), text),
            "memory" when words.Length is 3 or 4 => ShowMemory(Look(process, number), words, text),
            "caps" when words.Length == 2 => ShowCapabilities(process, text),
            "resume" when words.Length == 2 =>
                Resume(Look(process, number), words[0], (RunState)state, (FaultCode)code, text),
            "destroy" when words.Length == 2 => Destroy(number, (RunState)state, isSure: false, text),
            "destroy" when words is [_, _, "now"] => Destroy(number, (RunState)state, isSure: true, text),
            _ => Result.BadArgument,
        };
    }

    private Subject Look(IProcess process, uint number) =>
        new(process, new DomainRecords(Records)[number].Program);

    private static string WhatItDoes(RunState state) => state switch
    {
        RunState.Available => "waits for messages",
        RunState.Waiting => "waits for an answer",
        RunState.Running => "runs",
        _ => "sleeps",
    };

    // The warden has all that a domain said. When it has stopped itself, or waits for somebody, it might never answer:
    // then the last of that must do.
    private string Why(IProcess process, uint number, FaultCode code, ulong address)
    {
        DomainRecords records = new(Records);
        if (records.TryFind(WardensName, out uint warden))
        {
            Processes.Fetch(warden, out ICapability thing);
            Result result = ProcessClient.Of(thing).Describe(out ulong state, out _, out _);
            Capabilities.Release(thing);
            if (result != Result.Ok || (RunState)state != RunState.Available)
            {
                return FaultText.Of(code, address, Look(process, number).Registers, "") + CutShort;
            }
        }

        Warden.WhyStopped(number, out string why);
        return why;
    }

    private static Result Show(Subject subject, string whatItDoes, StringBuilder text)
    {
        ProcessRegisters registers = subject.Registers;
        text.Append(whatItDoes).Append('\n');

        // An exception that nobody caught has its own trace; below it there is only what told of it.
        if (!whatItDoes.Contains(TraceStart))
        {
            subject.Trace(text);
        }

        Row(text, "rip", registers.Rip, "rsp", registers.Rsp, "flags", registers.Rflags);
        Row(text, "rax", registers.Rax, "rbx", registers.Rbx, "rcx", registers.Rcx);
        Row(text, "rdx", registers.Rdx, "rsi", registers.Rsi, "rdi", registers.Rdi);
        Row(text, "rbp", registers.Rbp, "r8", registers.R8, "r9", registers.R9);
        Row(text, "r10", registers.R10, "r11", registers.R11, "r12", registers.R12);
        Row(text, "r13", registers.R13, "r14", registers.R14, "r15", registers.R15);
        return Result.Ok;
    }

    private static void Row(
        StringBuilder text, string first, ulong one, string second, ulong two, string third, ulong three) =>
        text.Append($"  {first,-5} {one:x16}  {second,-5} {two:x16}  {third,-5} {three:x16}\n");

    private static Result ShowMemory(Subject subject, string[] words, StringBuilder text)
    {
        int bytes = DefaultBytes;
        if (!TryHex(words[2], out ulong address)
            || (words.Length == 4 && (!int.TryParse(words[3], out bytes) || bytes is < 1 or > MaxBytes)))
        {
            return Result.BadArgument;
        }

        byte[] memory = subject.Read(address, bytes);
        for (int at = 0; at < memory.Length; at += RowBytes)
        {
            text.Append($"  {address + (ulong)at:x12} ");
            ReadOnlySpan<byte> row = memory.AsSpan(at, Math.Min(RowBytes, memory.Length - at));
            foreach (byte value in row)
            {
                text.Append(' ').Append(value.ToString("x2"));
            }

            text.Append(' ', 3 * (RowBytes - row.Length) + 2);
            foreach (byte value in row)
            {
                text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
            }

            text.Append('\n');
        }

        text.Append(memory.Length < bytes ? $"  no memory at {address + (ulong)memory.Length:x12}\n" : "");
        return Result.Ok;
    }

    private Result ShowCapabilities(IProcess process, StringBuilder text)
    {
        for (uint register = 1; register < NodeSlot.Count; register++)
        {
            process.FetchRegister(register, out ICapability held);
            Append(text, $"  {register,-9}", held);
        }

        process.FetchSlot(ProcessSlot.Schedule, out ICapability schedule);
        Append(text, "  schedule ", schedule);
        process.FetchSlot(ProcessSlot.Keeper, out ICapability keeper);
        Append(text, "  keeper   ", keeper);
        process.FetchSlot(ProcessSlot.Space, out ICapability space);
        Append(text, "  space    ", space);
        return Result.Ok;
    }

    // What it holds is looked at, and never invoked.
    private void Append(StringBuilder text, string place, ICapability held)
    {
        if (Discrim.Classify(held, out uint found, out ulong rights) == Result.Ok && found != DiscrimClass.Void)
        {
            text.Append(place).Append(found switch
            {
                DiscrimClass.Number => "number",
                DiscrimClass.Page => "page",
                DiscrimClass.Node => "node",
                DiscrimClass.Space => "space",
                DiscrimClass.Schedule => "schedule",
                DiscrimClass.Resume => "resume",
                _ => "something to invoke",
            });
            text.Append((rights & (ulong)Rights.ReadOnly) != 0 ? ", read-only\n" : "\n");
        }

        Capabilities.Release(held);
    }

    private static Result Resume(Subject subject, string name, RunState state, FaultCode code, StringBuilder text)
    {
        if (state != RunState.Faulted)
        {
            text.Append("it is not stopped\n");
            return Result.BadArgument;
        }

        if (FaultText.HasGivenUp(code, subject.Registers))
        {
            text.Append($"{name} gave up by itself: it has nothing to try again\n");
            return Result.BadArgument;
        }

        text.Append("it tries again\n");
        return subject.Resume();
    }

    private Result Destroy(uint number, RunState state, bool isSure, StringBuilder text)
    {
        ref DomainRecord record = ref new DomainRecords(Records)[number];
        string name = record.Name;
        if ((record.Flags & DomainFlags.Vital) != 0)
        {
            text.Append($"{name} is vital, says its composition: others could not go on without it\n");
            text.Append((record.Flags & DomainFlags.Restarts) != 0
                ? $"run warden restart {name} starts it again\n"
                : "switched off without a checkpoint, the machine comes back as it was at the last one\n");
            return Result.NoAccess;
        }

        if (state != RunState.Faulted && !isSure)
        {
            text.Append($"{name} has not stopped; debug {name} destroy now ends it all the same, for good\n");
            return Result.BadArgument;
        }

        Banks.Fetch(number, out ICapability bank);
        Result result = SpaceBankClient.Of(bank).Destroy();
        text.Append(result == Result.Ok ? "it is no more\n" : "its bank does not let it be destroyed\n");
        return result;
    }

    private static bool TryHex(string text, out ulong value)
    {
        value = 0;
        string digits = text.StartsWith("0x") ? text[2..] : text;
        foreach (char digit in digits)
        {
            int number = "0123456789abcdef".IndexOf(digit);
            if (number < 0 || value >> 60 != 0)
            {
                return false;
            }

            value = (value << 4) | (uint)number;
        }

        return digits.Length > 0;
    }
}
