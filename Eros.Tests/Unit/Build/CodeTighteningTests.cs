// The kernel's code before and after it was tightened: whichever way the processor goes through one, it finds the same
// instructions in the other. Both are walked together from the start of each function that others know, over every
// jump, call and entry of a switch, and so through all functions.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Tasks;
using Eros.Build.Tasks.Tightening;
using Iced.Intel;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

[TestFixture]
public sealed class CodeTighteningTests
{
    private static readonly string _path = Repository.PathOf(
        $"Eros.Hal/Image/obj/{Configuration}/net10.0/Eros.Hal.Image.ilc.o");

    // Functions whose frame pointer is no longer saved, and in which it is.
    private readonly HashSet<ulong> _unsaved = [];
    private readonly HashSet<ulong> _saved = [];

    // Instructions that were come to.
    private readonly HashSet<ulong> _walked = [];

    // Calls that do more on the way.
    private int _leads;

    // Jumps that go on where they jumped.
    private int _turned;

    private ElfObject _before = null!;
    private ElfObject _after = null!;

    private static string Configuration => new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;

    [OneTimeSetUp]
    public void Tighten()
    {
        using TemporaryFolder folder = new();
        UnreadData.Cut(_path, folder.File("code.o"));
        _before = new ElfObject(File.ReadAllBytes(folder.File("code.o")));
        CodeTightening.Run(folder.File("code.o"));
        _after = new ElfObject(File.ReadAllBytes(folder.File("code.o")));
    }

    [Test]
    public void Every_way_through_the_code_is_what_it_was()
    {
        Code before = new(_before);
        Code after = new(_after);
        Queue<(ulong Before, ulong After)> pending = new(before.Known
            .Select(name => (before.Functions[name], after.Functions[name])));
        HashSet<(ulong Before, ulong After)> seen = [.. pending];
        int compared = 0;
        while (pending.TryDequeue(out (ulong Before, ulong After) pair))
        {
            foreach ((ulong, ulong) next in Compare(before, pair.Before, after, pair.After))
            {
                if (seen.Add(next))
                {
                    pending.Enqueue(next);
                }
            }

            compared++;
        }

        Assert.That(compared, Is.GreaterThan(15_000));
        Assert.That(before.Functions.Values.Except(_walked.Union(seen.Select(pair => pair.Before))), Is.Empty);
        Assert.That(_leads, Is.GreaterThan(100));
        Assert.That(_turned, Is.GreaterThan(10));
        Assert.That(_unsaved, Has.Count.GreaterThan(10));
        Assert.That(_unsaved.Intersect(_saved), Is.Empty, "either all that save and restore it are gone, or none");
        Assert.That(after.Length, Is.LessThan(before.Length));
    }

    [Test]
    public void Functions_keep_their_lengths_in_the_tables_for_debuggers()
    {
        int info = _after.SectionIndex(".debug_info");
        int code = _after.SectionIndex("__managedcode");
        Dictionary<ulong, ulong> sizes = _after.Labels
            .Where(label => label.Section == code && label.Size != 0)
            .DistinctBy(label => label.Value)
            .ToDictionary(label => label.Value, label => label.Size);
        ElfRelocation[] starts = [.. _after.Relocations.Where(r => r.Section == info && r.Target.Section == code)];

        Assert.That(starts, Has.Length.GreaterThan(300));
        foreach (ElfRelocation start in starts)
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(_after.Contents(info)[(int)(start.Offset + 8)..]);
            Assert.That(sizes[(ulong)start.Addend], Is.EqualTo(length), $"{start.Addend:x}");
        }
    }

    // The pairs of places that can be next; none behind what does not go on.
    private IEnumerable<(ulong Before, ulong After)> Compare(Code before, ulong from, Code after, ulong to)
    {
        Instruction one = before.At(before.Settle(from));
        Instruction other = after.At(after.Settle(to));
        _walked.Add(one.IP);
        if (before.IsSecondBound(one) && before.Text(one) != after.Text(other))
        {
            Instruction clear = before.At(before.At(one.NextIP).NextIP);
            bool isClear = clear.Code == Iced.Intel.Code.Mov_r32_rm32 && clear.Op0Register == clear.Op1Register;
            return [(isClear ? clear.NextIP : clear.IP, other.IP)];
        }

        bool isSame = before.Text(one) == after.Text(other);
        if (Code.IsSaveOfFrame(one))
        {
            (isSame ? _saved : _unsaved).Add(before.FunctionOf(one));
        }

        if (!isSame && before.IsUnusedFrame(one))
        {
            return [(one.NextIP, other.IP)];
        }

        if (!isSame && Straight(before, one, after, other) is { } behind)
        {
            return [behind];
        }

        if (!isSame && other.IsCallNear)
        {
            _leads++;
            return ThroughLead(before, one, after, other);
        }

        if (!isSame && before.JumpOn(one) is { } jump)
        {
            return OnCondition(before, one, jump, after, other);
        }

        if (!isSame && Code.IsOpposite(one, other))
        {
            _turned++;
            return [(before.Targets(one).Single(), other.NextIP), (one.NextIP, after.Targets(other).Single())];
        }

        Assert.That(after.Text(other), Is.EqualTo(before.Text(one)), $"{one.IP:x} and {other.IP:x}");
        bool isLast = before.IsTrapBehind(one) || one.FlowControl
            is FlowControl.Return or FlowControl.IndirectBranch or FlowControl.UnconditionalBranch;
        IEnumerable<(ulong, ulong)> targets = before.Targets(one)
            .Zip(after.Targets(other))
            .Concat(before.SwitchTargets(one).Zip(after.SwitchTargets(other)));
        return isLast ? targets : targets.Append((one.NextIP, other.NextIP));
    }

    // What comes behind instructions that do the same, one after the other.
    private static (ulong Before, ulong After)? Straight(
        Code before, in Instruction one, Code after, in Instruction other) =>
        before.Text(one) == after.Text(other) ? (one.NextIP, other.NextIP)
        : Code.Constant(one) is { } constant && constant == after.PushedConstant(other)
            ? (one.NextIP, after.At(other.NextIP).NextIP)
        : before.Joined(one, other) is { } joined && joined == after.Text(other)
            ? (before.At(one.NextIP).NextIP, other.NextIP)
            : null;

    // A condition that was made a number, at which a jump looked, and is the jump's own.
    private static IEnumerable<(ulong Before, ulong After)> OnCondition(
        Code before, in Instruction set, in Instruction jump, Code after, Instruction other)
    {
        string places = $"{set.IP:x} and {other.IP:x}";
        ulong[] ways = [before.Targets(jump).Single(), jump.NextIP];
        Assert.That(other.IsJccShortOrNear, places);
        foreach (ulong way in ways)
        {
            Assert.That(before.IsForgotten(way, set.Op0Register.GetFullRegister()), places);
            Assert.That(before.IsForgotten(way, Register.None), places);
        }

        ulong[] others = [after.Targets(other).Single(), other.NextIP];
        bool isWhenSet = jump.ConditionCode == ConditionCode.ne;
        if (set.ConditionCode == other.ConditionCode == isWhenSet)
        {
            return ways.Zip(others);
        }

        other.NegateConditionCode();
        Assert.That(set.ConditionCode == other.ConditionCode, Is.EqualTo(isWhenSet), places);
        return ways.Zip(others.Reverse());
    }

    // What came before a call is done on the way to what is called, and the stack is not looked at.
    private static List<(ulong Before, ulong After)> ThroughLead(
        Code before, Instruction one, Code after, in Instruction call)
    {
        Instruction other = after.At(after.Settle(after.Targets(call).Single()));
        while (!one.IsCallNear)
        {
            string places = $"{one.IP:x} and {other.IP:x}, called at {call.IP:x}";
            (ulong Before, ulong After)? behind = Straight(before, one, after, other);
            Assert.That(behind, Is.Not.Null, places);
            Assert.That(one.FlowControl, Is.EqualTo(FlowControl.Next), places);
            Assert.That(before.Uses(one, Register.RSP), Is.False, places);
            one = before.At(before.Settle(behind!.Value.Before));
            other = after.At(after.Settle(behind.Value.After));
        }

        (ulong, ulong) inside = (before.Targets(one).Single(), other.IP);
        return before.IsTrapBehind(one) ? [inside] : [inside, (one.NextIP, call.NextIP)];
    }

    /// <summary>Code as it is in an object.</summary>
    private sealed class Code
    {
        private const int LongestInstruction = 15;

        private readonly ElfObject _object;
        private readonly int _section;
        private readonly byte[] _bytes;
        private readonly Dictionary<ulong, ElfRelocation> _references;
        private readonly ulong[] _starts;
        private readonly InstructionInfoFactory _uses = new();

        internal Code(ElfObject elf)
        {
            _object = elf;
            _section = elf.SectionIndex("__managedcode");
            _bytes = elf.Contents(_section).ToArray();
            _references = elf.Relocations
                .Where(relocation => relocation.Section == _section && relocation.Target.At != elf.Labels[0].At)
                .ToDictionary(relocation => relocation.Offset);
            Functions = elf.Labels
                .Where(label => label.Section == _section && label.Size != 0)
                .ToDictionary(label => label.Name, label => label.Value);
            _starts = [.. Functions.Values.Distinct().Order()];
        }

        internal Dictionary<string, ulong> Functions { get; }

        /// <summary>The names of those that not only calls lead to.</summary>
        internal IEnumerable<string> Known
        {
            get
            {
                int data = _object.SectionIndex(".data");
                HashSet<ulong> taken = [.. _object.Relocations
                    .Where(relocation => relocation.Target.Section == _section && relocation.Section == data)
                    .Select(relocation => relocation.Target.Value + (ulong)relocation.Addend)];
                foreach (Instruction code in Between(0, (ulong)_bytes.Length))
                {
                    taken.UnionWith(code.Code == Iced.Intel.Code.Lea_r64_m ? Targets(code) : []);
                }

                return Functions
                    .GroupBy(function => function.Value)
                    .Where(names => taken.Contains(names.Key) || names.Count() > 1
                        || names.Any(name => !name.Key.Contains("__")))
                    .SelectMany(names => names)
                    .Select(name => name.Key);
            }
        }

        internal int Length => _bytes.Length;

        internal Instruction At(ulong offset)
        {
            if (offset >= (ulong)_bytes.Length)
            {
                return default;
            }

            byte[] bytes = [.. _bytes.Skip((int)offset).Take(LongestInstruction)];
            return Decoder.Create(64, bytes, offset).Decode();
        }

        /// <summary>Where something is done that counts: behind jumps, and what does nothing.</summary>
        internal ulong Settle(ulong offset)
        {
            while (true)
            {
                Instruction code = At(offset);
                if (code.Mnemonic == Mnemonic.Nop || IsNullCheck(code))
                {
                    offset = code.NextIP;
                }
                else if (code.FlowControl == FlowControl.UnconditionalBranch && Reference(code) == null)
                {
                    offset = code.NearBranch64;
                }
                else
                {
                    return offset;
                }
            }
        }

        // The address that is looked at is one that is used, or a field's of the same object.
        private static bool IsNullCheck(in Instruction code) =>
            code.Code == Iced.Intel.Code.Cmp_rm8_r8 && code.MemoryBase == code.Op1Register.GetFullRegister()
            && code is { MemoryIndex: Register.None, MemoryDisplacement64: 0 };

        /// <summary>An addition to an address and what is there, if the sum is nowhere else: as one, written like
        /// another.</summary>
        internal string? Joined(in Instruction sum, in Instruction like)
        {
            Instruction use = At(sum.NextIP);
            Register register = sum.Op0Register;
            if (sum.Mnemonic != Mnemonic.Add || sum.Op0Kind != OpKind.Register || use.MemoryBase != register
                || !sum.Op1Kind.ToString().StartsWith("Immediate", StringComparison.Ordinal))
            {
                return null;
            }

            bool isLoaded = use.Op0Register.GetFullRegister() == register;
            Assert.That(isLoaded ? Count(use, register) == 2 : Count(use, register) == 1, $"{use.IP:x}");
            Assert.That(isLoaded || IsForgotten(use.NextIP, register), $"{use.IP:x}");
            Assert.That(IsForgotten(use.IP, Register.None), $"{use.IP:x}");
            use.MemoryDisplacement64 += sum.GetImmediate(1);
            use.MemoryDisplSize = like.MemoryDisplSize;
            return Text(use);
        }

        private int Count(in Instruction code, Register register) =>
            _uses.GetInfo(code).GetUsedRegisters().Count(used => used.Register.GetFullRegister() == register);

        /// <summary>The jump, if any, that looks at the number that is made of a condition here.</summary>
        internal Instruction? JumpOn(in Instruction set)
        {
            Instruction widen = At(set.NextIP);
            Instruction test = At(widen.NextIP);
            Instruction jump = At(test.NextIP);
            return set.Mnemonic.ToString().StartsWith("Set", StringComparison.Ordinal)
                && widen.Mnemonic == Mnemonic.Movzx && widen.Op1Register == set.Op0Register
                && test.Mnemonic == Mnemonic.Test && test.Op0Register == widen.Op0Register
                && test.Op1Register == widen.Op0Register
                && jump is { IsJccShortOrNear: true, ConditionCode: ConditionCode.e or ConditionCode.ne } ? jump : null;
        }

        /// <summary>Nothing reads what a register, or none: the flags, holds before it is written, whichever way a
        /// function goes on from a place in it.</summary>
        internal bool IsForgotten(ulong from, Register register)
        {
            HashSet<ulong> seen = [];
            Stack<ulong> pending = new([from]);
            while (pending.TryPop(out ulong place))
            {
                Instruction code = At(Settle(place));
                bool? isRead = seen.Add(code.IP) ? IsRead(code, register) : false;
                if (isRead == true)
                {
                    return false;
                }

                if (isRead == null)
                {
                    pending.Push(code.NextIP);
                    pending.Push(code.IsJccShortOrNear ? code.NearBranch64 : code.NextIP);
                }
            }

            return true;
        }

        // Null: neither read nor written.
        private bool? IsRead(in Instruction code, Register register)
        {
            bool isKept = register is Register.RBX or Register.RBP
                or Register.R12 or Register.R13 or Register.R14 or Register.R15;
            bool isParameter = register is Register.RDI or Register.RSI or Register.RDX or Register.RCX
                or Register.R8 or Register.R9;
            switch (code.FlowControl)
            {
                case FlowControl.IndirectBranch:
                    return true;
                case FlowControl.Interrupt:
                    return false;
                case FlowControl.Return:
                    return register is Register.RAX or Register.RDX || isKept;
                case FlowControl.Call or FlowControl.IndirectCall:
                    return isParameter || Uses(code, register) ? true : isKept && !IsTrapBehind(code) ? null : false;
            }

            if (register == Register.None)
            {
                const RflagsBits Conditions = RflagsBits.CF | RflagsBits.ZF | RflagsBits.SF | RflagsBits.OF;
                return code.RflagsRead != RflagsBits.None ? true
                    : (code.RflagsModified & Conditions) == Conditions ? false : null;
            }

            return !Uses(code, register) ? null
                : _uses.GetInfo(code).GetUsedRegisters()
                    .Where(used => used.Register.GetFullRegister() == register)
                    .Any(used => used.Access != OpAccess.Write || used.Register.GetSize() < 4);
        }

        /// <summary>Jumps of which one is taken when the other is not.</summary>
        internal static bool IsOpposite(in Instruction one, Instruction other)
        {
            other.NegateConditionCode();
            return one.IsJccShortOrNear && other.IsJccShortOrNear && one.ConditionCode == other.ConditionCode;
        }

        /// <summary>A comparison of 32 bits and its jump that follow those of the same 64 bits.</summary>
        internal bool IsSecondBound(in Instruction half)
        {
            // 48 83 /7 ib, 0f 87 cd
            if (half.IP < 10 || half.Code != Iced.Intel.Code.Cmp_rm32_imm8 || half.Op0Kind != OpKind.Register)
            {
                return false;
            }

            Instruction away = At(half.IP - 6);
            Instruction whole = At(half.IP - 10);
            Instruction again = At(half.NextIP);
            return whole.Code == Iced.Intel.Code.Cmp_rm64_imm8
                && whole.Op0Register == half.Op0Register.GetFullRegister()
                && whole.GetImmediate(1) == half.GetImmediate(1)
                && away.Code == Iced.Intel.Code.Ja_rel32_64
                && again.Code == Iced.Intel.Code.Ja_rel32_64
                && away.NearBranch64 == again.NearBranch64;
        }

        internal static bool IsSaveOfFrame(in Instruction code) =>
            code.Code is Iced.Intel.Code.Push_r64 or Iced.Intel.Code.Pop_r64 && code.Op0Register == Register.RBP;

        private static bool IsSetOfFrame(in Instruction code) =>
            code.Mnemonic is Mnemonic.Lea or Mnemonic.Mov && code.Op0Register == Register.RBP
            && (code.MemoryBase == Register.RSP || code.Op1Register == Register.RSP);

        /// <summary>Sets a frame pointer that its function does not use; or saves it, in a function that does not mind
        /// where its stack is.</summary>
        internal bool IsUnusedFrame(in Instruction code)
        {
            bool isSet = IsSetOfFrame(code);
            Instruction[] others = [.. InstructionsOf(FunctionOf(code))
                .Where(other => !IsSaveOfFrame(other) && !IsSetOfFrame(other))];
            return (isSet || IsSaveOfFrame(code))
                && !others.Any(other => Uses(other, Register.RBP))
                && (isSet || !others.Any(other => Uses(other, Register.RSP) && other.Mnemonic
                    is not (Mnemonic.Push or Mnemonic.Pop or Mnemonic.Ret or Mnemonic.Add or Mnemonic.Sub)));
        }

        /// <summary>A register and what it gets, if that is a constant.</summary>
        internal static (Register Register, ulong Value)? Constant(in Instruction code) =>
            code.Mnemonic == Mnemonic.Mov && code.Op0Kind == OpKind.Register && code.Op0Register.GetSize() >= 4
            && code.Op1Kind is OpKind.Immediate32 or OpKind.Immediate32to64 or OpKind.Immediate64
                ? (code.Op0Register.GetFullRegister(), code.GetImmediate(1)) : null;

        /// <summary>The same, by way of the stack.</summary>
        internal (Register Register, ulong Value)? PushedConstant(in Instruction code) =>
            code.Code == Iced.Intel.Code.Pushq_imm8 && At(code.NextIP) is { Code: Iced.Intel.Code.Pop_r64 } pop
                ? (pop.Op0Register, code.GetImmediate(0)) : null;

        internal ulong FunctionOf(in Instruction code)
        {
            int found = Array.BinarySearch(_starts, code.IP);
            return _starts[found >= 0 ? found : ~found - 1];
        }

        private IEnumerable<Instruction> InstructionsOf(ulong function) =>
            Between(function, _starts.Append((ulong)_bytes.Length).First(start => start > function));

        private IEnumerable<Instruction> Between(ulong start, ulong end)
        {
            while (start < end)
            {
                Instruction code = At(start);
                yield return code;
                start = code.NextIP;
            }
        }

        /// <summary>It is called for the last time.</summary>
        internal bool IsTrapBehind(in Instruction call) => At(call.NextIP).Mnemonic == Mnemonic.Int3;

        internal bool Uses(in Instruction code, Register register) =>
            _uses.GetInfo(code).GetUsedRegisters().Any(used => used.Register.GetFullRegister() == register);

        /// <summary>What an instruction does, wherever it is.</summary>
        internal string Text(Instruction code)
        {
            ElfRelocation? reference = Reference(code);
            bool isElsewhere = reference != null || Targets(code).Any();
            NasmFormatter formatter = new();
            formatter.Options.ShowBranchSize = false;
            StringOutput output = new();
            if (!isElsewhere)
            {
                formatter.Format(code, output);
                return output.ToStringAndReset();
            }

            string target = reference == null ? "there" : $"{reference.Target.Name} {reference.Addend}";
            return $"{code.Mnemonic} {code.Op0Register} {code.Op1Register} {target}";
        }

        /// <summary>Where in the code an instruction jumps to, or what address it takes or calls there.</summary>
        internal IEnumerable<ulong> Targets(Instruction code)
        {
            bool isNear = code.Op0Kind == OpKind.NearBranch64;
            return Reference(code) != null || (!isNear && !code.IsIPRelativeMemoryOperand) ? []
                : code.IsJccShortOrNear ? [Through(code)]
                : isNear ? [code.NearBranch64] : [code.IPRelativeMemoryAddress];
        }

        /// <summary>Where a jump with a condition leads in the end, over others with the same one.</summary>
        private ulong Through(Instruction jump)
        {
            ulong target = Settle(jump.NearBranch64);
            while (At(target) is { IsJccShortOrNear: true } relay && relay.ConditionCode == jump.ConditionCode)
            {
                target = Settle(relay.NearBranch64);
            }

            return target;
        }

        /// <summary>Where a switch goes that begins here: lea t, [table] / mov t, [t + 4 i] / lea b, [base] / add t, b
        /// / jmp t. Jumps may be between them.</summary>
        internal IEnumerable<ulong> SwitchTargets(Instruction start)
        {
            Instruction from = After(After(start));
            if (After(After(from)) is not { FlowControl: FlowControl.IndirectBranch, Op0Kind: OpKind.Register }
                || Reference(start) is not { } table)
            {
                yield break;
            }

            ulong first = table.Target.Value + (ulong)table.Addend + 4;
            ulong end = _object.Labels
                .Where(label => label.Section == table.Target.Section && label.Value > first)
                .Select(label => label.Value)
                .Append((ulong)_object.Contents(table.Target.Section).Length)
                .Min();
            for (ulong at = first; at < end; at += 4)
            {
                Span<byte> entry = _object.Contents(table.Target.Section)[(int)at..];
                yield return from.IPRelativeMemoryAddress + BinaryPrimitives.ReadUInt32LittleEndian(entry);
            }
        }

        private Instruction After(Instruction code) => At(Settle(code.NextIP));

        private ElfRelocation? Reference(Instruction code)
        {
            for (ulong offset = code.IP; offset < code.NextIP; offset++)
            {
                if (_references.TryGetValue(offset, out ElfRelocation? reference))
                {
                    return reference;
                }
            }

            return null;
        }
    }
}
