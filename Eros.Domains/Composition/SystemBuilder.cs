// SystemBuilder: a system, said in C#: which domains there are, what each starts with, how urgent it is. What comes
// out is the objects of the first image.
//
// Every domain holds a space bank of its own, below the prime bank, and its own space: what its heap grows by. Its
// process, its space and what is in that are booked as bought from its bank; what domains share is the prime bank's,
// and what the bank's domain is made of is nobody's. The keeper of every domain is the warden, but the warden's own.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Persistence.Layout;

namespace Eros.Domains.Composition;

public sealed partial class SystemBuilder
{
    private const int DomainLimit = Node.SlotCount;
    private const uint FirstOfDomains = BankTree.Prime + 1;

    // What the holder of a bank's account can not do: take more than its limit, and leave with what it is made of.
    private const BankRights OfAccount = BankRights.NoDestroy | BankRights.NoLimit;

    private readonly string _programFolder;
    private readonly Dictionary<string, ElfProgram> _programs = [];
    private readonly Dictionary<(string Program, ulong Address), ImagePage> _shared = [];
    private readonly List<DomainHandle> _domains = [];
    private readonly Dictionary<(uint Bank, BankRights Precluded), ImageNode> _banks = [];
    private readonly ImageNode _processes;
    private readonly ImageNode _openProcesses;
    private readonly ImageNode _bankNode;
    private readonly PageSource _records;
    private DomainHandle<BankDomain>? _bank;
    private ISource<IKeeper>? _keeper;

    /// <param name="programFolder">Where the domains' ELF files are.</param>
    public SystemBuilder(string programFolder)
    {
        _programFolder = programFolder;
        _processes = Objects.NewNode();
        _openProcesses = Objects.NewNode();
        _bankNode = Objects.NewNode();
        _records = NewPage();
        _banks[(BankTree.Prime, BankRights.None)] = Objects.OwnedBy(BankTree.Own).NewForwarder();
    }

    /// <summary>The domains, by number.</summary>
    public IReadOnlyList<DomainHandle> Domains => _domains;

    public ISource<ISleep> Sleep { get; } = Fixed<ISleep>(CapabilityType.Sleep);

    public ISource<IDiscrim> Discrim { get; } = Fixed<IDiscrim>(CapabilityType.Discrim);

    /// <summary>Amplifies for who can show a brand: for services that make processes or keep objects for others.
    /// </summary>
    public ISource<IProcessTool> ProcessTool { get; } = Fixed<IProcessTool>(CapabilityType.ProcessTool);

    /// <summary>Authority over the machine's persistence.</summary>
    public ISource<ICheckpoint> Checkpoint { get; } = Fixed<ICheckpoint>(CapabilityType.Checkpoint);

    /// <summary>The terminal: for the login agent alone.</summary>
    public ISource<IConsoleGrant> ConsoleGrant { get; } = Fixed<IConsoleGrant>(CapabilityType.ConsoleGrant);

    /// <summary>All devices of the machine: for who is trusted with the whole machine.</summary>
    public ISource<IDeviceGrant> DeviceGrant { get; } = Fixed<IDeviceGrant>(CapabilityType.DeviceGrant);

    /// <summary>The processor's time: for the reserve manager alone.</summary>
    public ISource<IReserveGrant> ReserveGrant { get; } = Fixed<IReserveGrant>(CapabilityType.ReserveGrant);

    /// <summary>Every home frame: for the space bank alone.</summary>
    public ISource<IRange> AllFrames { get; } = new FixedSource<IRange>(ImageCapability.AllFrames);

    /// <summary>A process capability for each domain, by number: for who is to move them on or end
    /// them.</summary>
    public ISource<INode> Processes => new FixedSource<INode>(_processes.AsNode() with { Rights = Rights.ReadOnly });

    /// <summary>The same without those that are private: for the debugger, and who gives domains
    /// other schedules.</summary>
    public ISource<INode> OpenProcesses =>
        new FixedSource<INode>(_openProcesses.AsNode() with { Rights = Rights.ReadOnly });

    /// <summary>
    /// Each domain's bank, by number, but for the bank's and those of private ones: who has it can end them all.
    /// </summary>
    public ISource<INode> Banks => new FixedSource<INode>(_bankNode.AsNode() with { Rights = Rights.ReadOnly });

    /// <summary>A <see cref="DomainRecord"/> for each domain, by number.</summary>
    public ISource<IPage> Records => _records.ReadOnly;

    /// <summary>The same for who changes what a domain's program is.</summary>
    public ISource<IPage> OpenRecords => _records;

    internal ImageObjects Objects { get; } = new(BankTree.Prime);

    internal IReadOnlyCollection<ElfProgram> Programs => _programs.Values;

    /// <summary>A page of zeros.</summary>
    public PageSource NewPage() => new(Objects.NewPage(), Rights.NoExecute);

    /// <summary>An empty directory of programs.</summary>
    public DirectorySource NewDirectory() => new(Objects);

    /// <summary>An empty node of capabilities.</summary>
    public NodeSource<T> NewNode<T>()
        where T : ICapability => new(Objects);

    public ISource<ISchedule> Schedule(int priority) =>
        new FixedSource<ISchedule>(new ImageCapability(CapabilityType.Schedule, Data: (uint)priority));

    /// <summary>
    /// What a domain buys from, and its heap grows from: its bank without the right to set its limit, or to end it.
    /// </summary>
    public ISource<ISpaceBank> AccountOf(DomainHandle domain) => BankNumber(NumberOf(domain), OfAccount);

    /// <summary>A domain's bank with all rights: for who is to say how much it may have, or to end it.</summary>
    public ISource<ISpaceBank> BankOf(DomainHandle domain) => BankNumber(NumberOf(domain), BankRights.None);

    /// <summary>Adds a domain; its needs are bound later. The project's assembly has the program's name.</summary>
    public DomainHandle<TDomain> Add<TDomain>(string name, DomainOptions options)
        where TDomain : Domain, IComposedDomain
    {
        if (_domains.Any(domain => domain.Name == name))
        {
            throw new CompositionException($"there is a domain {name} already; each has a name of its own");
        }

        if (_domains.Count == DomainLimit)
        {
            throw new CompositionException($"{name} is one too many: a system has {DomainLimit} domains at most");
        }

        bool isBank = typeof(TDomain) == typeof(BankDomain);
        uint bank = FirstOfDomains + (uint)_domains.Count;
        ImageObjects objects = Objects.OwnedBy(isBank ? BankTree.Own : bank);
        DomainHandle<TDomain> handle = new(name, _domains.Count, TDomain.Declaration, options, objects);
        _domains.Add(handle);
        _banks[(bank, BankRights.None)] = Objects.NewForwarder();
        _banks[(bank, OfAccount)] = Objects.NewForwarder();
        return handle;
    }

    /// <summary>Says which domain is the bank: all storage comes from it.</summary>
    public void UseBank(DomainHandle<BankDomain> bank) => _bank = bank;

    /// <summary>Says which domain is told of the others' faults.</summary>
    public void UseWarden(DomainHandle<WardenDomain> warden) => _keeper = warden;

    /// <summary>Puts everything together. The composition says nothing after that.</summary>
    internal void Complete()
    {
        foreach (DomainHandle domain in _domains)
        {
            Load(domain);
            Bind(domain);
            Record(domain);
        }

        CompleteConstructors();
        ImageCapability bank = Bank().Open.Resolve(typeof(ISpaceBank));
        foreach (((uint number, BankRights precluded), ImageNode forwarder) in _banks)
        {
            forwarder.Slots[0] = bank;
            forwarder.Word = Message.Payload(0, BankBadge.Of(number, precluded));
        }

        BookWriter.Write(Bank(), Objects, _banks, [.. _domains.Select(domain => domain.Options.StorageLimit)]);
    }

    private static FixedSource<T> Fixed<T>(CapabilityType type) => new(new ImageCapability(type));

    private static uint NumberOf(DomainHandle domain) => FirstOfDomains + (uint)domain.Number;

    private FixedSource<ISpaceBank> BankNumber(uint number, BankRights precluded) =>
        new(_banks[(number, precluded)].AsForwarder());

    private DomainHandle<BankDomain> Bank() =>
        _bank ?? throw new CompositionException("the system has no bank; UseBank names it");

    private void Load(DomainHandle domain)
    {
        ElfProgram program = Program(domain.Declaration.Class);
        string name = domain.Declaration.Class.FullName!;
        foreach (ProgramPage page in program.Pages)
        {
            domain.Space.Put(page.Address, ImageCapability.Of(PageOf(domain.Objects, name, page), page.Rights));
        }

        int stackPages = domain.Options.StackPages;
        MapZeros(domain, SpaceLayout.StackTop - (ulong)stackPages * ImagePage.SizeInBytes, stackPages);
        MapZeros(domain, SpaceLayout.Heap, domain.Options.HeapPages);
        domain.Process.Entry = program.Entry;
        domain.Process.StackPointer = SpaceLayout.StackTop - sizeof(ulong);
        domain.Process.Argument = (ulong)domain.Options.HeapPages;
        if (domain.Options.HasThreadArea)
        {
            MapZeros(domain, SpaceLayout.Own, 1);
            domain.Process.FsBase = SpaceLayout.Own;
        }

        domain.Process.Space = domain.Space.Root.AsSpace(Rights.None);
        domain.Process.Schedule = Schedule(domain.Options.Priority).Resolve(typeof(ISchedule));
        bool isKeeper = _keeper is DomainHandle warden && warden == domain;
        domain.Process.Keeper = _keeper is null || isKeeper
            ? null
            : ((DomainHandle<WardenDomain>)_keeper).WithBadge((uint)domain.Number).Resolve(typeof(IKeeper));
    }

    // Programs are found by the name of the namespace that holds the domain's class, which is the project's name too.
    private ElfProgram Program(Type type)
    {
        string name = type.Namespace ?? type.Name;
        if (!_programs.TryGetValue(name, out ElfProgram? program))
        {
            program = ElfProgram.Read(System.IO.Path.Combine(_programFolder, name + ".elf"));
            _programs.Add(name, program);
        }

        return program;
    }

    // Domains and constructors of one program share what can only be read.
    private ImagePage PageOf(ImageObjects owner, string program, ProgramPage page)
    {
        if (page.IsShared && _shared.TryGetValue((program, page.Address), out ImagePage? shared))
        {
            return shared;
        }

        ImagePage made = (page.IsShared ? Objects : owner).NewPage();
        page.Contents.CopyTo(made.Contents, 0);
        if (page.IsShared)
        {
            _shared.Add((program, page.Address), made);
        }

        return made;
    }

    private void MapZeros(DomainHandle domain, ulong address, int pages)
    {
        for (int i = 0; i < pages; i++)
        {
            ImageCapability page = ImageCapability.Of(domain.Objects.NewPage(), Rights.NoExecute);
            domain.Space.Put(address + (ulong)i * ImagePage.SizeInBytes, page);
        }
    }

    private void Bind(DomainHandle domain)
    {
        ImageCapability?[] registers = domain.Process.Registers;
        if (domain != _bank)
        {
            ulong lastHeapPage = SpaceLayout.Heap + (ulong)(domain.Options.HeapPages - 1) * ImagePage.SizeInBytes;
            registers[CapabilityRegisters.Bank] = AccountOf(domain).Resolve(typeof(ISpaceBank));
            registers[CapabilityRegisters.GrowingRegion] = domain.Space.Region(lastHeapPage).AsNode();
            registers[CapabilityRegisters.GrowingLeaf] = domain.Space.Leaf(lastHeapPage).AsNode();
        }

        registers[CapabilityRegisters.Space] = domain.Space.Root.AsNode();
        foreach (Binding binding in domain.Bindings ?? Unbound(domain))
        {
            if (binding.IsWindow)
            {
                ulong address = SpaceLayout.Windows + (ulong)binding.Index * ImagePage.SizeInBytes;
                domain.Space.Put(address, binding.Source.Resolve(binding.Type));
            }
            else
            {
                registers[binding.Index] = binding.Source.Resolve(binding.Type);
            }
        }
    }

    private static IReadOnlyList<Binding> Unbound(DomainHandle domain) => domain.Declaration.Names.Count == 0
        ? []
        : throw new CompositionException($"{domain.Name}: Bind was not called");

    private void Record(DomainHandle domain)
    {
        _processes.Slots[domain.Number] = new ImageCapability(CapabilityType.Process, domain.Process);
        if (!domain.Options.IsPrivate)
        {
            _openProcesses.Slots[domain.Number] = _processes.Slots[domain.Number];
            _bankNode.Slots[domain.Number] = domain == _bank ? null : BankOf(domain).Resolve(typeof(ISpaceBank));
        }

        DomainRecord record = new()
        {
            Name = domain.Name,
            Flags = (domain.Options.Restarts ? DomainFlags.Restarts : DomainFlags.None)
                | (domain.Options.IsPrivate ? DomainFlags.Private : DomainFlags.None)
                | (domain.Options.IsVital ? DomainFlags.Vital : DomainFlags.None),
            Entry = domain.Process.Entry,
            StackTop = domain.Process.StackPointer,
            Program = Program(domain.Declaration.Class).Header,
        };
        if (domain.Declaration.Facets.Any(facet => facet == typeof(ITerminal) || facet == typeof(ISeat)))
        {
            record.Flags |= DomainFlags.Terminal;
        }

        MemoryMarshal.Write(_records.Page.Contents.AsSpan(domain.Number * DomainRecord.SizeInBytes), record);
    }
}
