// A line that matched a form: the form, what fills its slots, and the checks that all statements get.

using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.XSharp;

/// <summary>One statement.</summary>
internal sealed record Statement(Form Form, IReadOnlyDictionary<string, Operand> Operands, int Column, Mode Mode)
{
    /// <summary>
    /// The operand size in bytes: what the form fixes, else what `as` says, else that of the first register, else that
    /// of the variable, else the form's own; 0 if nothing tells it.
    /// </summary>
    public int Size
    {
        get
        {
            if (Form.AlwaysWide)
            {
                return Slots.Width(Mode);
            }

            if (Operands.GetValueOrDefault("S") is SizeOperand explicitSize)
            {
                return explicitSize.Size;
            }

            if (Registers.FirstOrDefault() is { } register)
            {
                return register.Register.Size;
            }

            int declared = Operands.Values.Select(DeclaredSize).FirstOrDefault(size => size != 0);
            return declared != 0 && Mode != Mode.Gen1 ? declared : Form.DefaultSize(Mode);
        }
    }

    /// <summary>The general registers that are operands themselves.</summary>
    public IEnumerable<RegisterOperand> Registers
        => Operands.Values.OfType<RegisterOperand>().Where(r => r.Register.Kind == RegisterKind.General);

    /// <summary>The operand in a slot, which the form must have.</summary>
    public T Get<T>(string slot)
        where T : Operand
        => (T)Operands[slot];

    /// <summary>The constant in a slot.</summary>
    public Constant ConstantOf(string slot) => Get<ConstantOperand>(slot).Constant;

    /// <summary>The text of the operand in a slot of the form's template, or null if it has no such slot.</summary>
    public string? TextOf(string slot) => Operands.TryGetValue(slot, out var operand) ? operand.Text : null;

    /// <summary>Reports what does not fit together; true if nothing does not.</summary>
    public bool Check(ErrorList errors) => CheckSizes(errors) && CheckPrefixes(errors) && CheckImmediates(errors);

    private bool CheckSizes(ErrorList errors)
    {
        var registers = Registers.ToList();
        foreach (var other in registers.Skip(1).Where(r => r.Register.Size != registers[0].Register.Size))
        {
            string expected = $"expected a register of the size of {registers[0].Text}, found {other.Text}";
            errors.Add(XSharpErrorCode.SizeMismatch, other.Column, expected);
            return false;
        }

        if (Form.Emit is null && Size == 0 && Form.Assembly.Contains("size", System.StringComparison.Ordinal))
        {
            errors.Add(XSharpErrorCode.UnknownSize, Column, "expected a size ('as dword', or 'dword' before a "
                + "comparison), or a variable declared above: nothing here tells the size");
            return false;
        }

        if (Size == 8 && Mode == Mode.Bits32 && !Form.Directive)
        {
            errors.Add(XSharpErrorCode.UnknownSize, Column,
                "expected a size that 32-bit code has: byte, word or dword");
            return false;
        }

        return true;
    }

    // AH, BH, CH and DH are encoded as SPL, BPL, SIL and DIL if anything in the instruction asks for a REX prefix.
    private bool CheckPrefixes(ErrorList errors)
    {
        var inMemory = Operands.Values.OfType<MemoryOperand>().SelectMany(m => m.Registers);
        bool rex = Registers.Select(r => r.Register).Concat(inMemory).Any(r => r.Rex);
        foreach (var high in Registers.Where(r => r.Register.HighByte && rex))
        {
            errors.Add(XSharpErrorCode.WrongRegister, high.Column,
                $"expected another register: {high.Text} cannot stand "
                + "beside R8 to R15, SIL, DIL, BPL or SPL");
            return false;
        }

        return true;
    }

    private bool CheckImmediates(ErrorList errors)
    {
        foreach (var immediate in Operands.Values.OfType<ConstantOperand>())
        {
            if (!Form.Directive && Size != 0 && !immediate.Constant.Fits(Size, Form.WideImmediate))
            {
                string limit = Size == 8 ? "32 bits, sign-extended; load it into a register first" : $"{8 * Size} bits";
                errors.Add(XSharpErrorCode.ConstantTooLarge, immediate.Column,
                    $"expected a constant that fits in {limit}");
                return false;
            }
        }

        return true;
    }

    private static int DeclaredSize(Operand operand) => operand switch
    {
        NameOperand name => name.Size,
        MemoryOperand memory => memory.Size,
        _ => 0,
    };
}
