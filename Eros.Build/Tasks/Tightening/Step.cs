using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

/// <summary>One instruction of an image's code, in a function that stays in one piece.</summary>
internal sealed class Step
{
    /// <summary>What the instruction does, at its old place.</summary>
    internal required Instruction Code { get; init; }

    /// <summary>Its bytes. What they say of <see cref="Target"/> is written last.</summary>
    internal required byte[] Bytes { get; set; }

    /// <summary>What the linker writes into it, if anything.</summary>
    internal required ElfRelocation? Reference { get; init; }

    /// <summary>Its place among all steps.</summary>
    internal required int Index { get; set; }

    /// <summary>The number of its function.</summary>
    internal required int Function { get; init; }

    /// <summary>What it jumps to, calls or takes the address of, in this section.</summary>
    internal Step? Target { get; set; }

    /// <summary>Is there no longer.</summary>
    internal bool IsGone { get; set; }

    /// <summary>It does somewhere else what another one did: nothing knows its old place.</summary>
    internal bool IsCopy { get; init; }

    /// <summary>What has come in front of a function's first step, and belongs to it.</summary>
    internal IReadOnlyList<Step> Leads { get; set; } = [];

    /// <summary>A call that a trap follows.</summary>
    internal bool NeverReturns { get; set; }

    /// <summary>It has become a jump to <see cref="Target"/>.</summary>
    internal bool IsReplaced { get; private set; }

    /// <summary>A jump that reaches its target with 8 bits.</summary>
    internal bool IsShort { get; set; }

    /// <summary>Where it goes.</summary>
    internal ulong NewAt { get; set; }

    /// <summary>Where what is in front of it begins.</summary>
    internal ulong NewStart => Leads.Count == 0 ? NewAt : Leads[0].NewAt;

    internal ulong At => Code.IP;

    internal bool IsConditional => !IsReplaced && Code.FlowControl == FlowControl.ConditionalBranch;

    internal bool IsJump => IsReplaced || Code.FlowControl == FlowControl.UnconditionalBranch;

    /// <summary>The last digit of the one byte of a short jump, or of the second of a long one.</summary>
    internal int Condition => (Bytes[0] == 0x0F ? Bytes[1] : Bytes[0]) & 15;

    /// <summary>A jump of either kind, whose length depends on how far it goes.</summary>
    internal bool IsRelaxable => Target != null && (IsJump || IsConditional);

    /// <summary>What comes after it is not executed after it.</summary>
    internal bool IsEnd => IsJump
        || Code.FlowControl is FlowControl.Return or FlowControl.IndirectBranch;

    internal int Length => IsRelaxable ? (IsShort ? ShortJump : IsJump ? LongJump : LongJump + 1) : Bytes.Length;

    internal const int ShortJump = 2;
    internal const int LongJump = 5;

    /// <summary>It does the same as <paramref name="other"/>, wherever both are.</summary>
    internal bool IsSameAs(Step other) =>
        Target == other.Target
        && IsReplaced == other.IsReplaced
        && (IsRelaxable
            ? IsJump ? other.IsJump : other.IsConditional && Condition == other.Condition
            : Reference?.Target == other.Reference?.Target
              && Reference?.Addend == other.Reference?.Addend
              && (Target == null ? Bytes.SequenceEqual(other.Bytes) : Code.Code == other.Code.Code
                  && Code.Op0Register == other.Code.Op0Register));

    internal void BecomeJump(Step target)
    {
        IsReplaced = true;
        Target = target;
    }

    /// <summary>Gives a jump with a condition another one.</summary>
    internal void JumpWhen(int condition) => Bytes = [0x0F, (byte)(0x80 | condition), 0, 0, 0, 0];
}
