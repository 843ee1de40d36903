// DomainRecord: what the warden is told of each domain, 128 bytes; the composition fills a page with them, in the
// order of the badges.
//
//   0 name, UTF-8, zeros behind it (40) | 40 flags u64 | 48 entry u64 | 56 stack top u64
//   64 the first bytes of its program (32)

using System;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Warden;

[Flags]
public enum DomainFlags : ulong
{
    None = 0,

    /// <summary>After a fault it starts again from its entry, with its memory as it is.</summary>
    Restarts = 1,

    /// <summary>The warden prints through it: of its own faults nothing can be printed.</summary>
    Terminal = 2,

    /// <summary>Neither the debugger nor who gives reserves holds it.</summary>
    Private = 4,

    /// <summary>The system stands on it: the debugger does not end it.</summary>
    Vital = 8,
}

[StructLayout(LayoutKind.Sequential, Size = SizeInBytes)]
public unsafe struct DomainRecord
{
    public const int SizeInBytes = 128;
    public const int MaxName = 40;

    private fixed byte _name[MaxName];

    public DomainFlags Flags;
    public ulong Entry;
    public ulong StackTop;
    public ProgramHeader Program;

    /// <summary>Empty in a record that is not used.</summary>
    public string Name
    {
        get
        {
            fixed (byte* name = _name)
            {
                ReadOnlySpan<byte> bytes = new(name, MaxName);
                int length = bytes.IndexOf((byte)0);
                return Encoding.UTF8.GetString(length < 0 ? bytes : bytes[..length]);
            }
        }

        set
        {
            fixed (byte* name = _name)
            {
                Span<byte> bytes = new(name, MaxName);
                bytes.Clear();
                Encoding.UTF8.GetBytes(value.AsSpan(), bytes);
            }
        }
    }
}

/// <summary>The page of records; a domain's number is its record's.</summary>
public readonly unsafe struct DomainRecords(MappedPage page)
{
    /// <summary>Numbers are below this.</summary>
    public const uint Limit = MappedPage.SizeInBytes / DomainRecord.SizeInBytes;

    private readonly MappedPage _page = page;

    public ref DomainRecord this[uint number] => ref ((DomainRecord*)_page.Address)[number];

    public bool TryFind(string name, out uint number)
    {
        number = 0;
        while (number < Limit && this[number].Name != name)
        {
            number++;
        }

        return number < Limit;
    }

    /// <summary>The domain of a name that is not private. BadArgument: there is none; NoAccess: it is private; with a
    /// line that says so.</summary>
    public Result FindOpen(string name, out uint number, out string problem)
    {
        problem = "";
        if (!TryFind(name, out number))
        {
            problem = $"no domain {name}; ps lists them\n";
            return Result.BadArgument;
        }

        bool isPrivate = (this[number].Flags & DomainFlags.Private) != 0;
        problem = isPrivate ? $"{name} is private\n" : "";
        return isPrivate ? Result.NoAccess : Result.Ok;
    }
}
