// OfferRecord: the first page of what is offered, 4096 bytes, as the host writes it and the upgrader reads it. Slot 0
// of the offer's node has this page; the slots behind it have nodes of 32 pages, which are the program's, in order.
//
//   0 magic u64, or 0: nothing is offered | 8 pages u32 | 12 zero | 16 entry u64
//   24 domain, UTF-8, zeros behind it (40) | 64 what the program is called, the same (64)
//   128 for each page u32: its address / 4096 (24 bits), the Rights that are taken away (8 bits)

using System;
using System.Buffers.Binary;
using System.Text;
using Eros.Persistence.Layout;

namespace Eros.Domains.Upgrader;

/// <summary>A view of such a page.</summary>
public readonly ref struct OfferRecord(Span<byte> page)
{
    /// <summary>"EROSOFF1", little-endian.</summary>
    public const ulong MagicValue = 0x3146_464F_534F_5245;

    /// <summary>Nodes of pages.</summary>
    public const int Nodes = 4;

    /// <summary>Pages that a program has at most: those of the nodes.</summary>
    public const int MaxPages = Nodes * NodeSlot.Count;

    /// <summary>Bytes of the domain's name.</summary>
    public const int DomainBytes = 40;

    /// <summary>Bytes of the program's.</summary>
    public const int TitleBytes = 64;

    private const int CountOffset = 8;
    private const int EntryOffset = 16;
    private const int DomainOffset = 24;
    private const int TitleOffset = DomainOffset + DomainBytes;
    private const int PagesOffset = TitleOffset + TitleBytes;
    private const int RightsShift = 24;

    private readonly Span<byte> _page = page;

    /// <summary>True when there is an offer that can be one.</summary>
    public bool IsThere => BinaryPrimitives.ReadUInt64LittleEndian(_page) == MagicValue && (uint)(Count - 1) < MaxPages;

    /// <summary>Its pages.</summary>
    public int Count => BinaryPrimitives.ReadInt32LittleEndian(_page[CountOffset..]);

    /// <summary>Where the program begins.</summary>
    public ulong Entry => BinaryPrimitives.ReadUInt64LittleEndian(_page[EntryOffset..]);

    /// <summary>Whose place it is to take.</summary>
    public string Domain => Text(DomainOffset, DomainBytes);

    /// <summary>What it is called.</summary>
    public string Title => Text(TitleOffset, TitleBytes);

    /// <summary>Where a page belongs in the space of a domain.</summary>
    public ulong AddressOf(int page) => (ulong)(Place(page) & ((1u << RightsShift) - 1)) << Guard.PageLog2;

    /// <summary>What the program may not do with it.</summary>
    public Rights RightsOf(int page) => (Rights)(Place(page) >> RightsShift);

    /// <summary>Says what the offer is; the pages come one by one.</summary>
    public void Begin(string domain, string title, ulong entry, int count)
    {
        _page.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(_page, MagicValue);
        BinaryPrimitives.WriteInt32LittleEndian(_page[CountOffset..], count);
        BinaryPrimitives.WriteUInt64LittleEndian(_page[EntryOffset..], entry);
        Encoding.UTF8.GetBytes(domain.AsSpan(), _page.Slice(DomainOffset, DomainBytes));
        Encoding.UTF8.GetBytes(title.AsSpan(), _page.Slice(TitleOffset, TitleBytes));
    }

    /// <summary>Says where a page belongs.</summary>
    public void Put(int page, ulong address, Rights rights) => BinaryPrimitives.WriteUInt32LittleEndian(
        _page[(PagesOffset + page * sizeof(uint))..],
        (uint)(address >> Guard.PageLog2) | ((uint)rights << RightsShift));

    private uint Place(int page) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_page[(PagesOffset + page * sizeof(uint))..]);

    private string Text(int offset, int bytes)
    {
        ReadOnlySpan<byte> text = _page.Slice(offset, bytes);
        int length = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(length < 0 ? text : text[..length]);
    }
}
