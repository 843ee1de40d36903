// Subject: a domain that is looked at: its registers, its memory and what its program knows of itself, all read through
// its process capability. Nothing of it is changed by looking.

using System;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Domains.Runtime.Unwinding;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Debugger;

/// <summary>Reads words of a subject's stack.</summary>
internal readonly struct SubjectMemory(IProcess process) : IStackMemory
{
    private readonly IProcess _process = process;

    public bool TryRead(ulong address, ref ulong word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Result result = _process.ReadMemory(address, sizeof(ulong), bytes, out int stored);
        bool isRead = result == Result.Ok && stored == bytes.Length;
        word = isRead ? MemoryMarshal.Read<ulong>(bytes) : word;
        return isRead;
    }
}

internal sealed class Subject
{
    private const int PageBytes = 4096;
    private const int MaxTableBytes = 1 << 20;
    private const int MaxFrames = 32;

    // Longer ones are cut: they are what the domain says.
    private const int MaxName = 256;

    // A system call is made by code that no table knows: the caller's return address is among these words.
    private const int SearchedWords = 32;

    private readonly IProcess _process;
    private readonly ProcessRegisters _registers;

    private readonly ProgramHeader _program;

    /// <param name="process">What is looked at.</param>
    /// <param name="program">What the composition says of its program: it may have written over its own.</param>
    public Subject(IProcess process, in ProgramHeader program)
    {
        _program = program;
        _process = process;
        Span<ProcessRegisters> registers = new(ref _registers);
        process.ReadRegisters(MemoryMarshal.AsBytes(registers), out _);
    }

    public ref readonly ProcessRegisters Registers => ref _registers;

    /// <summary>It goes on where it was.</summary>
    public Result Resume() => _process.Run();

    /// <summary>Memory from an address on, as much as there is.</summary>
    public byte[] Read(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length)
        {
            int part = Math.Min(PageBytes, length - done);
            Result result = _process.ReadMemory(
                address + (ulong)done, (ulong)part, bytes.AsSpan(done, part), out int read);
            done += result == Result.Ok ? read : 0;
            if (read < part)
            {
                break;
            }
        }

        return bytes[..done];
    }

    /// <summary>A line for each method that has not returned, the innermost first.</summary>
    public void Trace(StringBuilder text)
    {
        byte[] bytes = ReadTables();
        if (bytes.Length == 0)
        {
            text.Append("  its program has no names\n");
            return;
        }

        try
        {
            Trace(text, new ProgramTables(bytes));
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException)
        {
            text.Append("  it has written over the names of its program\n");
        }
    }

    private void Trace(StringBuilder text, ProgramTables tables)
    {
        CodeFrame frame = FirstFrame();
        for (int i = 0; i < MaxFrames; i++)
        {
            // A return address is behind its call; the instruction that failed is itself.
            ulong at = i == 0 && frame.Rip == _registers.Rip ? frame.Rip : frame.Rip - 1;
            int function = tables.Find(at);
            if (function < 0)
            {
                break;
            }

            Append(text, tables, function, at);
            if (!tables.Unwind(function, ref frame, new SubjectMemory(_process)))
            {
                break;
            }
        }
    }

    private static void Append(StringBuilder text, ProgramTables tables, int function, ulong at)
    {
        text.Append("  at ").Append(Name(tables.TypeOf(function))).Append('.').Append(Name(tables.NameOf(function)));
        ReadOnlySpan<byte> file = tables.FileOf(function, at, out int line);
        if (line != 0)
        {
            text.Append(" in ").Append(Name(file)).Append(':').Append(line);
        }

        text.Append('\n');
    }

    // What is no letter might mean something to a terminal.
    private static string Name(ReadOnlySpan<byte> name)
    {
        char[] letters = Encoding.UTF8.GetString(name[..Math.Min(name.Length, MaxName)]).ToCharArray();
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = char.IsControl(letters[i]) ? '?' : letters[i];
        }

        return new string(letters);
    }

    private byte[] ReadTables()
    {
        byte[] head = Read(_program.Tables, ProgramTables.HeaderBytes);
        int size = head.Length == ProgramTables.HeaderBytes ? ProgramTables.SizeOf(head) : 0;
        byte[] tables = size is > 0 and <= MaxTableBytes ? Read(_program.Tables, size) : [];
        return tables.Length == size ? tables : [];
    }

    private CodeFrame FirstFrame()
    {
        CodeFrame frame = new()
        {
            Rip = _registers.Rip,
            Rsp = _registers.Rsp,
            Rbx = _registers.Rbx,
            Rbp = _registers.Rbp,
            R12 = _registers.R12,
            R13 = _registers.R13,
            R14 = _registers.R14,
            R15 = _registers.R15,
        };
        SubjectMemory memory = new(_process);
        for (int i = 0; i < SearchedWords && !IsCode(frame.Rip); i++)
        {
            memory.TryRead(frame.Rsp, ref frame.Rip);
            frame.Rsp += sizeof(ulong);
        }

        return frame;
    }

    private bool IsCode(ulong address) => address >= _program.CodeStart && address < _program.CodeEnd;
}
