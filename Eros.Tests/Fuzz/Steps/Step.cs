using System;
using System.Linq;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fuzz.Steps;

/// <summary>What is done to a machine, or by the process that runs on it.</summary>
internal enum StepKind
{
    /// <summary>A capability appears in a register of the process that runs: register, and the two words.</summary>
    Give,

    /// <summary>It invokes: rax, rdi, rsi, rdx, r8, r9, r10, r12.</summary>
    Invoke,

    /// <summary>The same, by the fast path if that takes it.</summary>
    InvokeFast,

    /// <summary>It reads, writes or executes memory: address, access, the value that is written.</summary>
    Touch,

    /// <summary>It has an exception: code, error code, and 1 for the fast path if that takes it.</summary>
    Fault,

    /// <summary>Time passes: nanoseconds.</summary>
    Pass,

    /// <summary>A snapshot begins, or the one under way ends.</summary>
    Snapshot,

    /// <summary>A frame comes from the disk: number, kind, and 1 if it can be read.</summary>
    Load,

    /// <summary>The console's thread takes output: the most bytes.</summary>
    Output,

    /// <summary>A byte is typed.</summary>
    Type,

    /// <summary>A generation is committed.</summary>
    Commit,

    /// <summary>The committed generation is home.</summary>
    Migrate,

    /// <summary>The interrupt line at a place interrupts, if it is open.</summary>
    Raise,
}

/// <summary>One step. It means something in every state, so that any may be left out of a script.</summary>
internal readonly record struct Step(
    StepKind Kind,
    ulong W0 = 0,
    ulong W1 = 0,
    ulong W2 = 0,
    ulong W3 = 0,
    ulong W4 = 0,
    ulong W5 = 0,
    ulong W6 = 0,
    ulong W7 = 0)
{
    /// <summary>Where the room's length stands in W6, above the string's.</summary>
    internal const int LengthsShift = 32;

    /// <summary>One line, which <see cref="StepReader"/> reads.</summary>
    public override string ToString()
    {
        string kind = Kind.ToString().ToLowerInvariant();
        if (Kind is not (StepKind.Invoke or StepKind.InvokeFast))
        {
            ulong[] words = [W0, W1, W2];
            int count = 3 - words.Reverse().TakeWhile(word => word == 0).Count();
            return string.Join(' ', words.Take(count).Select(word => $"{word:x}").Prepend(kind));
        }

        var word = new InvocationWord(W0);
        string control = word.IsWellFormed
            ? $"{word.Kind} r{word.Invoked} send {Registers(word.SendRegister)}"
                + $" receive {Registers(word.ReceiveRegister)}"
            : $"malformed {W0:x}";
        string strings = W6 == 0 ? "" : $" string {W5:x}+{(uint)W6:x} room {W7:x}+{W6 >> LengthsShift:x}";
        return $"{kind} {control} order {W1:x} words {W2:x} {W3:x} {W4:x}{strings}";
    }

    private static string Registers(Func<int, int> register) =>
        string.Join(',', Enumerable.Range(0, InvocationWord.MaxCapabilities).Select(register));
}
