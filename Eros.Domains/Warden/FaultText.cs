// FaultText: a fault in words. A domain that gives up by itself says why in pieces of 48 bytes, in six registers. For
// each it executes an undefined instruction, with one mark in rax for the last and another for those before
// (Invoke.xs, Tell and Die).

using System;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Warden;

public static class FaultText
{
    /// <summary>'EROSFAIL', as Invoke.xs has it.</summary>
    public const ulong GaveUpMark = 0x4C494146534F5245;

    /// <summary>'EROSTEXT'.</summary>
    public const ulong PieceMark = 0x54584554534F5245;

    private const int TextBytes = 48;

    /// <summary>True: the domain has more to say, and goes on when it has been taken.</summary>
    public static bool IsPiece(FaultCode code, in ProcessRegisters registers) =>
        code == FaultCode.BadOpcode && registers.Rax == PieceMark;

    /// <summary>True: the domain has ended by itself, and there is no instruction for it to try again.</summary>
    public static bool HasGivenUp(FaultCode code, in ProcessRegisters registers) =>
        code == FaultCode.BadOpcode && registers.Rax == GaveUpMark;

    /// <summary>A few words without a full stop, or what the domain said, with what came before.</summary>
    public static string Of(FaultCode code, ulong address, in ProcessRegisters registers, string pieces)
    {
        if (HasGivenUp(code, registers))
        {
            return "gave up: " + pieces + Piece(registers);
        }

        string place = " at 0x" + registers.Rip.ToString("x");
        return code switch
        {
            FaultCode.InvalidAddress or FaultCode.NoSpace => "no memory at 0x" + address.ToString("x") + "," + place,
            FaultCode.Access => "not allowed at 0x" + address.ToString("x") + "," + place,
            FaultCode.Divide => "divide error" + place,
            FaultCode.BadOpcode => "no such instruction" + place,
            FaultCode.GeneralProtection => "protection violation" + place,
            FaultCode.Breakpoint => "breakpoint" + place,
            FaultCode.Debug => "single step" + place,
            FaultCode.Overflow => "overflow" + place,
            FaultCode.FloatingPoint => "floating-point error" + place,
            FaultCode.Alignment => "misaligned access" + place,
            FaultCode.BadObject => "damaged object at 0x" + address.ToString("x") + "," + place,
            FaultCode.SpaceTooDeep or FaultCode.MalformedSpace => "malformed address space" + place,
            _ => "fault " + (uint)code + place,
        };
    }

    /// <summary>What a domain says: text and lines, nothing that a terminal obeys.</summary>
    public static string Piece(in ProcessRegisters registers)
    {
        Span<ulong> words =
            [registers.Rsi, registers.Rdx, registers.R8, registers.R9, registers.R10, registers.R12];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(words)[..TextBytes];
        int length = bytes.IndexOf((byte)0);
        char[] text = Encoding.UTF8.GetString(length < 0 ? bytes : bytes[..length]).ToCharArray();
        foreach (ref char c in text.AsSpan())
        {
            c = char.IsControl(c) && c != '\n' ? '?' : c;
        }

        return new string(text);
    }
}
