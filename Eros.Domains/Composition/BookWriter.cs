// BookWriter: the bank's first books (BookLayout.cs): every object of the image is in them as if it had been bought.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

/// <summary>Puts the books into the bank's space.</summary>
internal static class BookWriter
{
    private const int BankPages = 2;

    // Room for what is sold before the books can first be lengthened.
    private const uint SpareExtents = 8;

    /// <summary>Writes the books. Nothing can be added to the image after that.</summary>
    /// <param name="forwarders">How each bank but Own is invoked, by its number and what is taken away.</param>
    /// <param name="limits">What each domain may buy beside what it has, from the first bank after Prime on.</param>
    public static unsafe void Write(
        DomainHandle<BankDomain> bank,
        ImageObjects objects,
        IReadOnlyDictionary<(uint Bank, BankRights Precluded), ImageNode> forwarders,
        IReadOnlyList<ulong> limits)
    {
        List<ImagePage> banks = Map(bank, BookPlaces.Banks, BankPages);
        int framePages = BookMemory.PagesFor(BookMemory.ExtentsFor(objects.Frames) + SpareExtents);
        List<ImagePage> frames = Map(bank, BookPlaces.Frames, framePages);
        ulong last = BookPlaces.Frames + (ulong)(framePages - 1) * ImagePage.SizeInBytes;
        bank.Process.Registers[CapabilityRegisters.GrowingRegion] = bank.Space.Region(last).AsNode();
        bank.Process.Registers[CapabilityRegisters.GrowingLeaf] = bank.Space.Leaf(last).AsNode();

        byte[] bankBytes = new byte[BankPages * ImagePage.SizeInBytes];
        byte[] frameBytes = new byte[framePages * ImagePage.SizeInBytes];
        fixed (byte* bankStart = bankBytes, frameStart = frameBytes)
        {
            Books books = new(new BookMemory(bankStart, frameStart));
            books.Open((uint)objects.Frames, BankPages, framePages);
            books.SetRoom(BankPages, framePages);
            Fill(books, objects, forwarders, limits);
        }

        Copy(bankBytes, banks);
        Copy(frameBytes, frames);
    }

    private static void Fill(
        Books books,
        ImageObjects objects,
        IReadOnlyDictionary<(uint Bank, BankRights Precluded), ImageNode> forwarders,
        IReadOnlyList<ulong> limits)
    {
        for (int domain = 0; domain < limits.Count; domain++)
        {
            books.Tree.Create(BankTree.Prime, ulong.MaxValue);
        }

        foreach (((uint bank, BankRights precluded), ImageNode node) in forwarders)
        {
            books.Memory.Bank(bank).Forwarders[(int)precluded] = Books.PlaceOf((uint)node.Frame, node.Index);
        }

        HashSet<ImageObject> banks = [.. forwarders.Values];
        foreach (IGrouping<ulong, ImageObject> frame in objects.All.GroupBy(thing => thing.Frame))
        {
            ImageObject first = frame.First();
            BookKind kind = first switch
            {
                ImagePage => BookKind.Page,
                ImageProcess => BookKind.Process,
                _ => BookKind.Pot,
            };
            books.Enter((uint)frame.Key, first.Bank, kind, NodesOf(frame), NodesOf(frame.Where(banks.Contains)));
        }

        for (int domain = 0; domain < limits.Count; domain++)
        {
            ref BankRecord record = ref books.Memory.Bank(BankTree.Prime + 1 + (uint)domain);
            record.Limit = record.Used + limits[domain];
        }
    }

    private static int NodesOf(IEnumerable<ImageObject> frame) =>
        frame.OfType<ImageNode>().Aggregate(0, (nodes, node) => nodes | (1 << node.Index));

    private static List<ImagePage> Map(DomainHandle<BankDomain> bank, ulong start, int pages)
    {
        List<ImagePage> made = [];
        for (int i = 0; i < pages; i++)
        {
            made.Add(bank.Objects.NewPage());
            bank.Space.Put(start + (ulong)i * ImagePage.SizeInBytes, ImageCapability.Of(made[i], Rights.NoExecute));
        }

        return made;
    }

    private static void Copy(byte[] contents, List<ImagePage> pages)
    {
        for (int i = 0; i < pages.Count; i++)
        {
            contents.AsSpan(i * ImagePage.SizeInBytes, ImagePage.SizeInBytes).CopyTo(pages[i].Contents);
        }
    }
}
