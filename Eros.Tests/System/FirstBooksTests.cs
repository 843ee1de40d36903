// The books that a system begins with: everything in it is somebody's, and a domain's bank has the domain.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Composition;
using Eros.Domains.Counter;
using Eros.Domains.Hostile;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

[Category(TestKind.System)]
internal sealed unsafe class FirstBooksTests
{
    private const int Pages = 32;
    private const uint FirstDomain = BankTree.Prime + 1;

    private readonly byte[] _banks = GC.AllocateArray<byte>(Pages * ImagePage.SizeInBytes, pinned: true);
    private readonly byte[] _frames = GC.AllocateArray<byte>(Pages * ImagePage.SizeInBytes, pinned: true);
    private SystemBuilder _system = null!;
    private Books _books = null!;

    [OneTimeSetUp]
    public void Compose()
    {
        _system = new SystemBuilder(Repository.PathOf("artifacts/domains"));
        DomainHandle<BankDomain> bank = _system.Add<BankDomain>("bank", new DomainOptions());
        _system.UseBank(bank);
        bank.Bind(new BankDomain.Needs
        {
            Range = _system.AllFrames,
            Self = bank.Open,
            BanksRegion = bank.OwnRegion(BookPlaces.Banks),
            BanksLeaf = bank.OwnLeaf(BookPlaces.Banks),
        });
        _system.Add<CounterDomain>("counter", new DomainOptions { StorageLimit = 77 });
        DomainHandle<HostileDomain> hostile = _system.Add<HostileDomain>("hostile", new DomainOptions());
        hostile.Bind(new HostileDomain.Needs { Storage = _system.AccountOf(hostile) });
        _system.Complete();
        Copy(BookPlaces.Banks, _banks);
        Copy(BookPlaces.Frames, _frames);
        _books = new Books(new BookMemory(AddressOf(_banks), AddressOf(_frames)));
    }

    [Test]
    public void Every_object_is_booked_as_what_it_is_to_whom_it_was_made_for()
    {
        foreach (IGrouping<ulong, ImageObject> frame in _system.Objects.All.GroupBy(thing => thing.Frame))
        {
            BookEntry entry = _books.Memory.Entry((uint)frame.Key);
            Assert.That(frame.Select(thing => thing.Bank), Is.All.EqualTo(entry.Owner));
            Assert.That(entry.Kind, Is.EqualTo(frame.First() switch
            {
                ImagePage => BookKind.Page,
                ImageProcess => BookKind.Process,
                _ => BookKind.Pot,
            }));
            int nodes = frame.OfType<ImageNode>().Sum(node => 1 << node.Index);
            Assert.That(entry.Nodes, Is.EqualTo(nodes));
        }
    }

    [Test]
    public void A_domains_bank_has_its_process_and_its_space_and_may_sell_as_much_as_was_said()
    {
        foreach (DomainHandle domain in _system.Domains.Where(domain => domain.Declaration.Class != typeof(BankDomain)))
        {
            uint bank = FirstDomain + (uint)domain.Number;
            ulong frames = (ulong)_system.Objects.All.Where(thing => thing.Bank == bank)
                .Select(thing => thing.Frame).Distinct().Count();
            BankRecord record = _books.Memory.Bank(bank);
            Assert.That(domain.Process.Bank, Is.EqualTo(bank), domain.Name);
            Assert.That(domain.Space.Root.Bank, Is.EqualTo(bank), domain.Name);
            Assert.That(record.Used, Is.EqualTo(frames), domain.Name);
            Assert.That(record.Limit - record.Used, Is.EqualTo(domain.Options.StorageLimit), domain.Name);
            Assert.That(record.Parent, Is.EqualTo(BankTree.Prime), domain.Name);
        }
    }

    [Test]
    public void A_bank_is_reached_through_a_node_of_the_bank_above_that_no_client_can_name()
    {
        Dictionary<uint, ImageNode> nodes = _system.Objects.All.OfType<ImageNode>()
            .ToDictionary(node => Books.PlaceOf((uint)node.Frame, node.Index));
        for (uint bank = BankTree.Prime; bank < _books.Memory.Header.Banks; bank++)
        {
            CheckForwarder(bank, BankRights.None);
            if (bank != BankTree.Prime)
            {
                CheckForwarder(bank, BankRights.NoDestroy | BankRights.NoLimit);
            }
        }

        void CheckForwarder(uint bank, BankRights precluded)
        {
            uint place = _books.Memory.Bank(bank).Forwarders[(int)precluded];
            Assert.That(nodes[place].Kind, Is.EqualTo(NodeKind.Forwarder));
            Assert.That(BankBadge.Number(nodes[place].Word >> 8), Is.EqualTo(bank));
            Assert.That(BankBadge.Rights(nodes[place].Word >> 8), Is.EqualTo(precluded));
            Assert.That(nodes[place].Slots[0]!.Rights, Is.EqualTo(Rights.None), "its word counts");
            Assert.That(nodes[place].Bank, Is.EqualTo(bank == BankTree.Prime ? BankTree.Own : BankTree.Prime));
            (uint frame, int index) = (Books.FrameOf(place), Books.IndexOf(place));
            Assert.That(_books.IsForwarderOfBank(frame, index));
            Assert.That(_books.OwnerOf(frame, index, BookKind.Pot), Is.EqualTo(Books.None));
        }
    }

    [Test]
    public void A_domain_can_neither_lift_its_limit_nor_leave_its_bank()
    {
        foreach (DomainHandle domain in _system.Domains.Where(domain => domain.Declaration.Class != typeof(BankDomain)))
        {
            uint bank = FirstDomain + (uint)domain.Number;
            var banks = domain.Process.Registers.Where(held => held?.Type == CapabilityType.Forwarder)
                .Select(held => ((ImageNode)held!.Target!).Word >> 8)
                .Where(badge => BankBadge.Number(badge) == bank).ToList();
            Assert.That(banks, Is.Not.Empty, domain.Name);
            Assert.That(
                banks.Select(BankBadge.Rights), Is.All.EqualTo(BankRights.NoDestroy | BankRights.NoLimit), domain.Name);
        }
    }

    [Test]
    public void Nobody_but_the_bank_holds_the_open_way_to_it()
    {
        DomainHandle bank = _system.Domains.Single(domain => domain.Declaration.Class == typeof(BankDomain));
        IEnumerable<ImageCapability?> held = _system.Domains.Where(domain => domain != bank)
            .SelectMany(domain => domain.Process.Registers);
        Assert.That(held.Where(thing => thing?.Target == bank.Process && thing.Type == CapabilityType.Start), Is.Empty);
    }

    [Test]
    public void The_bank_itself_belongs_to_no_bank_that_anybody_holds()
    {
        DomainHandle bank = _system.Domains.Single(domain => domain.Declaration.Class == typeof(BankDomain));
        Assert.That(bank.Process.Bank, Is.EqualTo(BankTree.Own));
        Assert.That(bank.Space.Root.Bank, Is.EqualTo(BankTree.Own));
        Assert.That(_books.Memory.Bank(FirstDomain + (uint)bank.Number).Used, Is.Zero);
        Assert.That(_books.Memory.Bank(BankTree.Own).Forwarders[0], Is.EqualTo(Books.None));
    }

    private static byte* AddressOf(byte[] pinned) => DomainState.AddressOf(pinned);

    private void Copy(ulong start, byte[] to)
    {
        DomainHandle bank = _system.Domains.Single(domain => domain.Declaration.Class == typeof(BankDomain));
        for (int i = 0; i < Pages; i++)
        {
            ulong address = start + (ulong)i * ImagePage.SizeInBytes;
            ImageCapability? page = bank.Space.Leaf(address).Slots[(int)(address >> 12) % Node.SlotCount];
            ((ImagePage?)page?.Target)?.Contents.CopyTo(to, i * ImagePage.SizeInBytes);
        }
    }
}
