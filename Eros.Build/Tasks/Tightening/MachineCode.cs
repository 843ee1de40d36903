// The code of an image, instruction by instruction, and back into its object.
//
// ILC resolves what its code says of other code in the same section, so nothing but the instructions themselves tells
// what must change when code moves: jumps, calls, addresses, and the tables of switches, which hold offsets from an
// address that the code takes just before the jump:
//
//   cmp i, last / ja default / mov i, i / lea t, [table] / mov t, [t + 4 i] / lea b, [base] / add t, b / jmp t
//
// A switch that looks otherwise stops the build. Other jumps and calls through a register are those of function
// pointers: where there are any, functions stay aligned, since bit 1 of such a pointer says that it is more than an
// address.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal sealed class MachineCode
{
    private const string Section = "__managedcode";

    // The linker scripts discard them.
    private const string UnwindTable = ".eh_frame";
    private const string HandlerTable = ".dotnet_eh_table";

    private const int SwitchSteps = 7;
    private const ulong PointerAlignment = 4;

    private readonly ElfObject _object;
    private readonly int _section;
    private readonly Dictionary<ulong, Step> _byOffset = [];
    private readonly List<Step> _steps = [];
    private readonly List<Entry> _entries = [];
    private readonly ulong _alignment;

    internal MachineCode(ElfObject elf)
    {
        _object = elf;
        _section = elf.SectionIndex(Section);
        Dictionary<ulong, ElfRelocation> references = elf.Relocations
            .Where(relocation => relocation.Section == _section)
            .ToDictionary(relocation => relocation.Offset);
        int function = 0;
        IEnumerable<ElfLabel> functions = elf.Labels.Where(IsFunction).DistinctBy(label => label.Value);
        foreach (ElfLabel label in functions.OrderBy(label => label.Value))
        {
            Read(label, function++, references);
        }

        foreach (Step step in _steps)
        {
            FindTarget(step);
        }

        foreach (Step step in _steps.Where(IsSwitch))
        {
            FindEntries(step);
        }

        CheckReferences();

        _alignment = _steps.Any(step => IsThroughRegister(step.Code) && !IsSwitch(step)) ? PointerAlignment : 1;
    }

    /// <summary>All instructions in their order.</summary>
    internal IReadOnlyList<Step> Steps => _steps;

    /// <summary>What the tables of switches lead to.</summary>
    internal IEnumerable<Step> SwitchTargets => _entries.Select(entry => entry.Target);

    /// <summary>Puts what has come in front of functions among the steps.</summary>
    internal void Renumber()
    {
        List<Step> steps = [.. _steps.SelectMany(step => step.Leads.Append(step))];
        _steps.Clear();
        foreach (Step step in steps)
        {
            step.Index = _steps.Count;
            _steps.Add(step);
        }
    }

    /// <summary>The functions that nothing but calls and jumps in this code leads to: nothing takes their addresses,
    /// and each has only the name that ILC made, of a type and a method, which others cannot know.</summary>
    internal HashSet<int> CalledOnly()
    {
        HashSet<ulong> known = [.. ReferredTo(), .. _steps
            .Where(step => step is { Target: not null, Code.Code: Code.Lea_r64_m })
            .Select(step => step.Target!.At)];
        return [.. _object.Labels
            .Where(IsFunction)
            .GroupBy(label => label.Value)
            .Where(names => !known.Contains(names.Key) && names.All(IsOfIlc) && names.Count() == 1)
            .Select(names => _byOffset[names.Key].Function)];
    }

    private static bool IsOfIlc(ElfLabel label) => label.Name.Contains("__", StringComparison.Ordinal);

    /// <summary>What led to a step that is gone leads to the next one.</summary>
    internal void LeadOn()
    {
        foreach (Step step in _steps)
        {
            while (step.Target is { IsGone: true } gone)
            {
                step.Target = _steps[gone.Index + 1];
            }
        }
    }

    /// <summary>Writes what is left of the code back, as close together as it goes.</summary>
    internal void Write()
    {
        if (_steps.Find(step => !step.IsGone && step.Target is { IsGone: true }) is { } lost)
        {
            throw Refused("a target that is gone", lost.At);
        }

        ulong end = Place();
        byte[] contents = new byte[end];
        foreach (Step step in _steps.Where(step => !step.IsGone))
        {
            Encode(step).CopyTo(contents, (int)step.NewAt);
        }

        foreach (Entry entry in _entries)
        {
            int offset = (int)((long)entry.Target.NewAt - (long)entry.Base.NewAt);
            BinaryPrimitives.WriteInt32LittleEndian(_object.Contents(entry.Section)[entry.Offset..], offset);
        }

        CodePlaces places = new([.. _steps.Where(step => !step.IsCopy)], end);
        new DebugPlaces(_object, _section, places.Moved).Write();
        _object.Replace(_section, contents, places.Moved, places.IsGone);
    }

    private bool IsFunction(ElfLabel label) => label.Section == _section && label.Name.Length != 0 && label.Size != 0;

    private void Read(ElfLabel function, int number, Dictionary<ulong, ElfRelocation> references)
    {
        byte[] bytes = _object.Contents(_section).Slice((int)function.Value, (int)function.Size).ToArray();
        Decoder decoder = Decoder.Create(64, bytes, function.Value);
        while (decoder.IP < function.Value + function.Size)
        {
            ulong at = decoder.IP;
            Instruction code = decoder.Decode();
            if (code.IsInvalid)
            {
                throw Refused(function.Name, at);
            }

            List<ulong> relocated = [.. Offsets(at, decoder.IP).Where(references.ContainsKey)];
            if (relocated.Count > 1)
            {
                throw Refused("an instruction with two references", at);
            }

            _byOffset[at] = new Step
            {
                Code = code,
                Bytes = bytes[(int)(at - function.Value)..(int)(decoder.IP - function.Value)],
                Reference = relocated.Count == 0 ? null : references[relocated[0]],
                Index = _steps.Count,
                Function = number,
            };
            _steps.Add(_byOffset[at]);
        }
    }

    private static IEnumerable<ulong> Offsets(ulong start, ulong end) =>
        Enumerable.Range(0, (int)(end - start)).Select(offset => start + (ulong)offset);

    private void FindTarget(Step step)
    {
        bool isNear = step.Code.Op0Kind == OpKind.NearBranch64;
        if (step.Reference == null && (isNear || step.Code.IsIPRelativeMemoryOperand))
        {
            if (isNear ? !IsCallOrJump(step.Code) : step.Code.Code != Code.Lea_r64_m)
            {
                throw Refused("an instruction with a place", step.At);
            }

            ulong target = isNear ? step.Code.NearBranch64 : step.Code.IPRelativeMemoryAddress;
            step.Target = _byOffset.GetValueOrDefault(target) ?? throw Refused("a target", step.At);
        }
    }

    // Nothing else that takes a place in the code is compared and written as it should be.
    private static bool IsCallOrJump(in Instruction code) =>
        code.IsCallNear || code.IsJmpShortOrNear || code.IsJccShortOrNear;

    // Functions are all that others may refer to: places within one can be shared, or gone.
    private void CheckReferences()
    {
        HashSet<ulong> functions = [.. _object.Labels.Where(IsFunction).Select(label => label.Value)];
        foreach (ulong place in ReferredTo().Where(place => !functions.Contains(place)))
        {
            throw Refused("what is referred to", place);
        }
    }

    /// <summary>The places in the code that the linker will write into something.</summary>
    private IEnumerable<ulong> ReferredTo() => _object.Relocations
        .Where(reference => reference.Target.Section == _section
            && _object.File.Sections[reference.Section] is { IsLoaded: true, Name: not (UnwindTable or HandlerTable) })
        .Select(reference =>
        {
            // What code refers to is counted from the end of the instruction.
            int behind = _object.File.Sections[reference.Section].IsCode ? sizeof(uint) : 0;
            return reference.Target.Value + (ulong)(reference.Addend + behind);
        });

    private static bool IsThroughRegister(in Instruction code) =>
        code.FlowControl is FlowControl.IndirectBranch or FlowControl.IndirectCall && code.Op0Kind == OpKind.Register;

    private bool IsSwitch(Step step) =>
        step.Code.FlowControl == FlowControl.IndirectBranch
        && step.Code.Op0Kind == OpKind.Register
        && _steps[step.Index - 1].Code is { Mnemonic: Mnemonic.Add } sum
        && sum.Op0Register == step.Code.Op0Register;

    // See the head of this file.
    private void FindEntries(Step jump)
    {
        if (jump.Index < SwitchSteps
            || _steps[jump.Index - 4] is not { Code: var take, Reference: { } table } start
            || _steps[jump.Index - 3] is not { Code: var load }
            || _steps[jump.Index - 2] is not { Code: var takeBase, Target: { } origin }
            || _steps[jump.Index - 1] is not { Code: var sum }
            || take.Code != Code.Lea_r64_m
            || load is not { Code: Code.Mov_r32_rm32, MemoryIndexScale: sizeof(uint), MemoryDisplacement64: 0 }
            || load.MemoryBase != take.Op0Register
            || load.Op0Register.GetFullRegister() != sum.Op0Register
            || sum.Op1Register != takeBase.Op0Register
            || Bound(start, load.MemoryIndex, jump) is not { } last)
        {
            throw Refused("a switch", jump.At);
        }

        int first = PlaceOf(table);
        int end = first + ((last + 1) * sizeof(uint));
        if (!IsEnd(table.Target.Section, first, end))
        {
            throw Refused("the table of a switch", jump.At);
        }

        for (int at = first; at < end; at += sizeof(uint))
        {
            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(_object.Contents(table.Target.Section)[at..]);
            Step target = _byOffset.GetValueOrDefault(origin.At + offset) ?? throw Refused("a switch", jump.At);
            _entries.Add(new Entry(table.Target.Section, at, origin, target));
        }
    }

    /// <summary>The largest index that is let through to a switch; null when there is no telling.</summary>
    private int? Bound(Step start, Register index, Step jump)
    {
        Instruction copy = _steps[start.Index - 1].Code;
        bool isCopied = copy.Mnemonic == Mnemonic.Mov
            && copy.Op0Register.IsGPR32()
            && copy.Op0Register.GetFullRegister() == index
            && copy.Op1Kind == OpKind.Register;
        Register compared = isCopied ? copy.Op1Register.GetFullRegister() : index;
        Step away = _steps[start.Index - (isCopied ? 2 : 1)];
        Instruction bound = _steps[away.Index - 1].Code;
        return away.Code is { IsJccShortOrNear: true, ConditionCode: ConditionCode.a }
            && bound.Mnemonic == Mnemonic.Cmp
            && (bound.Op0Register.IsGPR32() || bound.Op0Register.IsGPR64())
            && bound.Op0Register.GetFullRegister() == compared
            && bound.Op1Kind is OpKind.Immediate8to32 or OpKind.Immediate8to64 or OpKind.Immediate32
            && bound.GetImmediate(1) <= ushort.MaxValue
            && !_steps.Exists(step => step.Target?.Index >= away.Index && step.Target.Index <= jump.Index)
            ? (int)bound.GetImmediate(1)
            : null;
    }

    // Tables are aligned: what may be between them is four bytes of zero.
    private bool IsEnd(int section, int start, int end)
    {
        int next = _object.Labels
            .Where(label => label.Section == section)
            .Select(label => (int)label.Value)
            .Concat(_steps.Select(step => step.Reference).OfType<ElfRelocation>()
                .Where(reference => reference.Target.Section == section)
                .Select(PlaceOf))
            .Where(place => place > start)
            .Append(_object.Contents(section).Length)
            .Min();
        return end <= next && next - end < sizeof(ulong)
            && !_object.Contents(section)[end..next].ContainsAnyExcept((byte)0);
    }

    private static int PlaceOf(ElfRelocation reference) =>
        (int)((long)reference.Target.Value + reference.Addend + sizeof(uint));

    /// <summary>Gives each step its place, and returns where the last one ends. Jumps begin short, and grow until each
    /// reaches its target.</summary>
    internal ulong Place()
    {
        foreach (Step step in _steps)
        {
            step.IsShort = step.IsRelaxable;
        }

        while (true)
        {
            ulong at = 0;
            foreach (Step step in _steps)
            {
                bool isFirst = step.Index == 0 || step.Function != _steps[step.Index - 1].Function;
                at = isFirst ? (at + _alignment - 1) & ~(_alignment - 1) : at;
                step.NewAt = at;
                at += step.IsGone ? 0 : (ulong)step.Length;
            }

            List<Step> tooShort =
            [
                .. _steps.Where(step => step is { IsGone: false, IsShort: true } && !Reaches(step, step.Target!)),
            ];
            if (tooShort.Count == 0)
            {
                return at;
            }

            tooShort.ForEach(step => step.IsShort = false);
        }
    }

    /// <summary>8 bits lead from a step to a target, where they are now.</summary>
    internal static bool Reaches(Step step, Step target) =>
        Distance(step, target) is >= sbyte.MinValue and <= sbyte.MaxValue;

    // What is relative is so to the end of the instruction, and is its last four bytes, or its last one.
    private static long Distance(Step step, Step target) => (long)target.NewAt - (long)step.NewAt - step.Length;

    private static byte[] Encode(Step step)
    {
        if (step.Target == null)
        {
            return step.Bytes;
        }

        if (step.IsShort)
        {
            byte code = step.IsJump ? (byte)0xEB : (byte)(0x70 | step.Condition);
            return [code, (byte)Distance(step, step.Target)];
        }

        byte[] bytes = step switch
        {
            { IsRelaxable: false } => [.. step.Bytes],
            { IsJump: true } => [0xE9, 0, 0, 0, 0],
            _ => [0x0F, (byte)(0x80 | step.Condition), 0, 0, 0, 0],
        };
        int distance = (int)Distance(step, step.Target);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - sizeof(int)), distance);
        return bytes;
    }

    internal static BuildFailure Refused(string what, ulong at) =>
        new(new Problem("EROS0004", $"{what} at {at:x} of the code is not understood", "ilc"));

    /// <summary>An entry in the table of a switch.</summary>
    private sealed record Entry(int Section, int Offset, Step Base, Step Target);
}
