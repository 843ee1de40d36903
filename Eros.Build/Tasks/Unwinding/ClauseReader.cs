// ClauseReader: what handlers a function has, from ILC's .dotnet_eh_table and, where that points, .data.
//
//   flags u8    bits 0..1 what it is: 0 function, 1 handler, 2 filter; bit 2: has clauses; bit 4: 4 bytes of other data
//   function    [other data i32] [clauses i32, relative to itself] ...
//   handler     function's description i32, relative to itself; ...
//   clauses     count, then each: start; (length << 2) | kind; handler; kind 0: type i32, relative to itself;
//               kind 2: filter; kind 3: nothing else, it only parts two tries of the same range. All but the type as
//               numbers of variable length; places count from the function's start

using System.Collections.Generic;

namespace Eros.Build.Tasks.Unwinding;

/// <summary>A protected range and who is called. Neither type nor filter: a finally.</summary>
/// <param name="Start">Of the range.</param>
/// <param name="End">Behind the range.</param>
/// <param name="Handler">The handler's first byte.</param>
/// <param name="Filter">That of the filter, or 0.</param>
/// <param name="Type">The MethodTable of what it catches, or 0.</param>
/// <param name="IsOfSameTry">As the clause before.</param>
internal sealed record Clause(
    ulong Start, ulong End, ulong Handler, ulong Filter, ulong Type, bool IsOfSameTry);

internal sealed class ClauseReader(ElfFile elf)
{
    private const byte KindBits = 3;
    private const byte HasClauses = 4;
    private const byte HasOtherData = 16;
    private const uint TypedClause = 0;
    private const uint FilterClause = 2;
    private const uint Parting = 3;

    private readonly ElfSection _descriptions = elf.Section(".dotnet_eh_table");
    private readonly ElfSection _data = elf.Section(".data");

    /// <summary>The description of the function that a description's code belongs to: itself, if it is one.</summary>
    internal int FunctionOf(int description)
    {
        ByteReader reader = new(elf.Contents(_descriptions), description);
        return (reader.U8() & KindBits) == 0 ? description : reader.Relative();
    }

    /// <summary>The clauses of a function, the innermost first.</summary>
    internal List<Clause> Read(int description, ulong start)
    {
        List<Clause> clauses = [];
        ByteReader reader = new(elf.Contents(_descriptions), description);
        byte flags = reader.U8();
        if ((flags & HasClauses) == 0)
        {
            return clauses;
        }

        reader.At += (flags & HasOtherData) != 0 ? sizeof(int) : 0;
        ulong place = _descriptions.Address + (ulong)reader.Relative();
        reader = new ByteReader(elf.Contents(_data), (int)(place - _data.Address));
        bool isParted = false;
        for (uint left = reader.IlcUnsigned(); left > 0; left--)
        {
            ulong from = start + reader.IlcUnsigned();
            uint lengthAndKind = reader.IlcUnsigned();
            ulong to = from + (lengthAndKind >> 2);
            if ((lengthAndKind & KindBits) == Parting)
            {
                isParted = true;
                continue;
            }

            ulong handler = start + reader.IlcUnsigned();
            ulong type = (lengthAndKind & KindBits) == TypedClause
                ? _data.Address + (ulong)reader.Relative() : 0;
            ulong filter = (lengthAndKind & KindBits) == FilterClause ? start + reader.IlcUnsigned() : 0;
            bool isOfSameTry = !isParted && clauses.Count > 0 && clauses[^1].Start == from && clauses[^1].End == to;
            clauses.Add(new Clause(from, to, handler, filter, type, isOfSameTry));
            isParted = false;
        }

        return clauses;
    }
}
