// OfferWriter: puts a program into the pages that a volume keeps for offers, through the kernel's own store: what it
// writes is a checkpoint like any other, so that a power cut leaves the volume with the offer or without it. Processes,
// time and the processor's features are as the last checkpoint has them.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Eros.Build.Volume;
using Eros.Domains.Runtime;
using Eros.Domains.Upgrader;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Domains.Composition;

/// <summary>Offers programs to volumes that exist.</summary>
public static class OfferWriter
{
    // For what is read, and for what migration reads.
    private const int MemoryFrames = 4096;

    // The upgrader's capabilities of its pages, and of the processes that take part.
    private const int OfferRegister = CapabilityRegisters.FirstNamed;
    private const int ProcessesRegister = OfferRegister + 3;

    /// <summary>The name of the domain that has the pages.</summary>
    public const string UpgraderName = "upgrader";

    /// <summary>Offers a program in the place of a domain's; returns what it is called. CompositionException when the
    /// volume, the domain or the program is none that this is possible with.</summary>
    public static string Write(string volume, string domain, string programFile)
    {
        ElfProgram program = ElfProgram.Read(programFile);
        if (program.Pages.Count > OfferRecord.MaxPages)
        {
            throw new CompositionException(
                $"{programFile} has {program.Pages.Count} pages; {OfferRecord.MaxPages} can be offered");
        }

        VolumeReport report = VolumeInspector.Inspect(volume, verify: false);
        Check(volume, report, domain);
        Capability[] pages = FindPages(volume, report, domain);
        string title = TitleOf(programFile, program);
        using HostStore store = new(
            volume, isWritable: true, MemoryFrames, report.Protocol, report.Generation!.ProcessorFeatures);
        RecoveryResult mounted = store.Mount();
        if (!mounted.IsMounted)
        {
            throw new CompositionException($"{volume} cannot be mounted: {mounted.Refusal}");
        }

        if (mounted.Generation != report.Generation.Generation)
        {
            throw new CompositionException($"{volume} was used while it was looked at; try again");
        }

        StoreNotice older = store.Log.Notices.FirstOrDefault(one => one.Message == StoreMessage.OlderGeneration);
        if (older.Message == StoreMessage.OlderGeneration)
        {
            throw new CompositionException(
                $"{volume}: {older.Text}: with an offer, what is newer would be given up, as it is when the machine "
                + "runs and cannot read it either. Copy the disk, and try again");
        }

        store.Log.Now = report.Generation.TimeNs;
        store.Log.Processes.AddRange(store.Store.RecoveredProcesses);
        WriteAll(store, pages, program, domain, title);
        store.Save();
        return title;
    }

    private static void Check(string volume, VolumeReport report, string domain)
    {
        if (report.Refusal is { } refusal)
        {
            throw new CompositionException($"{volume}: {refusal}");
        }

        if (report.Mirror is { InStep: var members } && (members & (members - 1)) != 0)
        {
            throw new CompositionException(
                $"{volume} is one disk of a mirror: what is written to it alone would part the two. Run the machine "
                + "on this one, offer, and give both again: the other is brought up to date");
        }

        if (report.Processes.All(one => one.Label != domain))
        {
            throw new CompositionException($"{volume} has no domain {domain}; ./eros inspect lists them");
        }
    }

    /// <summary>The record's page, and those of the program.</summary>
    private static Capability[] FindPages(string volume, VolumeReport report, string domain)
    {
        ProcessReport upgrader = report.Processes.FirstOrDefault(one => one.Label == UpgraderName)
            ?? throw new CompositionException($"{volume} was made before programs could be offered to it");
        if (upgrader.Frame.RunState == RunState.Faulted)
        {
            throw new CompositionException(
                $"{volume}: its upgrader has had a fault, and takes no offer up; debug upgrader, in the machine, "
                + "shows it");
        }

        bool hasBegun = upgrader.Frame.Rsp != SpaceLayout.StackTop - sizeof(ulong);
        if (hasBegun && upgrader.Frame.RunState != RunState.Available)
        {
            throw new CompositionException(
                $"{volume} was stopped while its upgrader was at work, which another offer could spoil. Run the "
                + "machine until that has ended, and offer then");
        }

        Dictionary<ulong, Node> nodes = report.Nodes.ToDictionary(one => one.Oid, one => one.Node);
        Node offer = nodes[upgrader.Frame.Registers[OfferRegister].Oid.Value];
        CheckTakesPart(volume, report, nodes[upgrader.Frame.Registers[ProcessesRegister].Oid.Value], domain);
        List<Capability> pages = [offer.Slots[0]];
        for (int part = 0; part < OfferRecord.Nodes; part++)
        {
            Node node = nodes[offer.Slots[1 + part].Oid.Value];
            for (int slot = 0; slot < Node.SlotCount; slot++)
            {
                pages.Add(node.Slots[slot]);
            }
        }

        return [.. pages];
    }

    private static void CheckTakesPart(string volume, VolumeReport report, in Node upgradable, string domain)
    {
        HashSet<ulong> held = [];
        for (int slot = 0; slot < Node.SlotCount; slot++)
        {
            if (upgradable.Slots[slot].Type == CapabilityType.Process)
            {
                held.Add(upgradable.Slots[slot].Oid.Value);
            }
        }

        string[] names = [.. report.Processes.Where(one => held.Contains(one.Oid)).Select(one => one.Label)];
        if (!names.Contains(domain))
        {
            throw new CompositionException(
                $"{volume}: {domain} is no domain that takes a program up; these do: {string.Join(", ", names)}");
        }
    }

    private static void WriteAll(
        HostStore store, Capability[] pages, ElfProgram program, string domain, string title)
    {
        byte[] first = new byte[ImagePage.SizeInBytes];
        OfferRecord record = new(first);
        record.Begin(domain, title, program.Entry, program.Pages.Count);
        for (int i = 0; i < program.Pages.Count; i++)
        {
            record.Put(i, program.Pages[i].Address, program.Pages[i].Rights);
            store.Overwrite(pages[1 + i], program.Pages[i].Contents);
        }

        store.Overwrite(pages[0], first);
    }

    private static string TitleOf(string file, ElfProgram program)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(program.Bytes).AsSpan(0, 4));
        return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file)} {digest}");
    }
}
