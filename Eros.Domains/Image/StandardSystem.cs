// StandardSystem: the system as it is shipped. Read from top to bottom it says who exists and who may do what: a
// domain can reach exactly what stands in its Needs, and storage up to its limit.
//
// Priorities: the bank is above its clients, so that it is free again soon; what talks to people is above what
// computes; spin and what nobody vouches for take what is left.

using Eros.Domains.Agent;
using Eros.Domains.Alarm;
using Eros.Domains.Argon2;
using Eros.Domains.Bank;
using Eros.Domains.Bench;
using Eros.Domains.BenchKeeper;
using Eros.Domains.BenchPeer;
using Eros.Domains.BenchProduct;
using Eros.Domains.Composition;
using Eros.Domains.Constructor;
using Eros.Domains.Counter;
using Eros.Domains.Courier;
using Eros.Domains.Debugger;
using Eros.Domains.Demo;
using Eros.Domains.Desk;
using Eros.Domains.Events;
using Eros.Domains.HeldPort;
using Eros.Domains.Hostile;
using Eros.Domains.Login;
using Eros.Domains.Naming;
using Eros.Domains.Pipe;
using Eros.Domains.ProcessCreator;
using Eros.Domains.Releaser;
using Eros.Domains.ReserveManager;
using Eros.Domains.Reserver;
using Eros.Domains.Rtc;
using Eros.Domains.Runtime;
using Eros.Domains.Scribe;
using Eros.Domains.Shell;
using Eros.Domains.SpaceKeeper;
using Eros.Domains.Spin;
using Eros.Domains.SpinCheck;
using Eros.Domains.Stories.Adviser;
using Eros.Domains.Stories.Algorithm;
using Eros.Domains.Stories.Attacker;
using Eros.Domains.Stories.Clock;
using Eros.Domains.Stories.Compiler;
using Eros.Domains.Stories.Customer;
using Eros.Domains.Stories.Editor;
using Eros.Domains.Stories.EscrowAgent;
using Eros.Domains.Stories.FileCompiler;
using Eros.Domains.Stories.Mailbox;
using Eros.Domains.Stories.MailServer;
using Eros.Domains.Stories.Solitaire;
using Eros.Domains.Upgrader;
using Eros.Domains.Warden;
using Eros.Domains.Watcher;
using Eros.Persistence.Layout;
using TimeOfDay = Eros.Domains.Clock.ClockDomain;

namespace Eros.Domains.Image;

/// <summary>Bank, terminal, shell, witnesses and measurements. More domains can be added to it.</summary>
public sealed class StandardSystem
{
    private const int BankPriority = 12;
    private const uint OwnersDesk = 0;
    private const int CourierPriority = 11;
    private const int ConsolePriority = 10;
    private const int ServicePriority = 8;
    private const int BackgroundPriority = 0;
    private const int UrgentPriority = 31;

    // For so many desks, and for the memory of a key.
    private const ulong LoginStorage = 600 + 500 * Accounts.Limit;
    private const ulong KeyStorage = 2048;

    // For a program that has taken another's place, and one on trial.
    private const ulong UpgradeStorage = 4096;

    // Those whose place another program can take, by number.
    private readonly NodeSource<IProcess> _upgradable;

    /// <param name="programFolder">Where the domains' ELF files are.</param>
    public StandardSystem(string programFolder)
    {
        Builder = new SystemBuilder(programFolder);
        _upgradable = Builder.NewNode<IProcess>();
        Programs = Builder.NewDirectory();
        UsersPrograms = Builder.NewDirectory();

        DomainHandle<BankDomain> bank = AddVital<BankDomain>("bank", BankPriority);
        Builder.UseBank(bank);
        bank.Bind(new BankDomain.Needs
        {
            Range = Builder.AllFrames,
            Self = bank.Open,
            BanksRegion = bank.OwnRegion(BookPlaces.Banks),
            BanksLeaf = bank.OwnLeaf(BookPlaces.Banks),
        });

        DomainHandle<AgentDomain> agent = AddVital<AgentDomain>("agent", ConsolePriority);
        Terminal = agent;

        DomainOptions privately = new() { Priority = ConsolePriority, StorageLimit = LoginStorage, IsPrivate = true };
        DomainHandle<LoginDomain> login = Builder.Add<LoginDomain>("login", privately);
        DomainHandle<WatcherDomain> watcher = AddVital<WatcherDomain>("watcher", ConsolePriority);
        watcher.Bind(new WatcherDomain.Needs { Sleep = Builder.Sleep, Observer = login });

        DomainHandle<WardenDomain> warden = AddVital<WardenDomain>("warden", ConsolePriority);
        Builder.UseWarden(warden);
        warden.Bind(new WardenDomain.Needs
        {
            Processes = Builder.Processes,
            Records = Builder.Records,
            Terminal = agent,
        });

        DomainHandle<CounterDomain> counter = AddVital<CounterDomain>("counter", ServicePriority);
        Counter = counter;

        DomainHandle<TimeOfDay> clock = AddClock();
        DomainOptions upgrading = new() { Priority = CourierPriority, StorageLimit = UpgradeStorage, IsVital = true };
        DomainHandle<UpgraderDomain> upgrader = Builder.Add<UpgraderDomain>(OfferWriter.UpgraderName, upgrading);
        AddShell(agent, login, warden, counter, clock, upgrader);
        Programs.Add("warden", warden);
        AddDebugger(warden);
        AddReserves();
        AddServices();
        BindUpgrader(upgrader);
        AddLogin(agent, login);
        AddSpin();
        AddHostile();
        AddBench();
        AddStories();
    }

    /// <summary>Where the system is put together.</summary>
    public SystemBuilder Builder { get; }

    /// <summary>What the run command of the owner's shell finds.</summary>
    public DirectorySource Programs { get; }

    /// <summary>What other users' finds.</summary>
    public DirectorySource UsersPrograms { get; }

    /// <summary>The owner's session agent, as programs know it.</summary>
    public ISource<ITerminal> Terminal { get; }

    public ISource<ICounter> Counter { get; }

    /// <summary>The time of day.</summary>
    public ISource<IClock> Clock { get; private set; } = null!;

    /// <summary>The letter box of somebody who should not know everything: for examples.</summary>
    public ISource<IMailbox> Mailbox { get; private set; } = null!;

    /// <summary>Makes creators of processes.</summary>
    public ISource<IProcessCreators> ProcessCreators { get; private set; } = null!;

    /// <summary>Makes pipes.</summary>
    public ISource<IConstructor> Pipes { get; private set; } = null!;

    /// <summary>Makes ports whose output waits for the commit of what it comes from.</summary>
    public ISource<IConstructor> HeldPorts { get; private set; } = null!;

    /// <summary>Makes directories.</summary>
    public ISource<IConstructor> Directories { get; private set; } = null!;

    /// <summary>Makes event multiplexers.</summary>
    public ISource<IConstructor> EventMultiplexers { get; private set; } = null!;

    /// <summary>Makes spaces whose pages come into being when they are touched.</summary>
    public ISource<IVirtualCopies> VirtualCopies { get; private set; } = null!;

    /// <summary>Makes constructors.</summary>
    public ISource<IMetaConstructor> MetaConstructor { get; private set; } = null!;

    private DomainHandle<T> Add<T>(string name, int priority)
        where T : Domain, IComposedDomain => Builder.Add<T>(name, new DomainOptions { Priority = priority });

    // Without these there is no desk, or one on which little works, or promises stay that nobody can take back.
    private DomainHandle<T> AddVital<T>(string name, int priority)
        where T : Domain, IComposedDomain =>
        Builder.Add<T>(name, new DomainOptions { Priority = priority, IsVital = true });

    // The owner's shell has all there is to have; other users' have what stands in the template of their desks.
    private void AddShell(
        DomainHandle<AgentDomain> agent,
        DomainHandle<LoginDomain> login,
        DomainHandle<WardenDomain> warden,
        DomainHandle<CounterDomain> counter,
        DomainHandle<TimeOfDay> clock,
        DomainHandle<UpgraderDomain> upgrader)
    {
        NodeSource<ICapability> desk = Builder.NewNode<ICapability>();
        desk.Put<ISessionAgent>(DeskSlots.Agent, agent);
        desk.Put<IAccount>(DeskSlots.Account, login.WithBadge(OwnersDesk));
        desk.Put<ICounter>(DeskSlots.Counter, counter);
        desk.Put(DeskSlots.Checkpoint, Builder.Checkpoint);
        desk.Put<IWarden>(DeskSlots.Warden, warden);
        desk.Put(DeskSlots.Programs, Programs.Node);
        desk.Put(DeskSlots.ProgramNames, Programs.Names);
        desk.Put<IPage>(DeskSlots.NotePage, Builder.NewPage());
        desk.Put<IClock>(DeskSlots.Clock, clock);
        desk.Put<IClockSetter>(DeskSlots.ClockSetter, clock);
        DomainHandle<ShellDomain> shell = AddVital<ShellDomain>("shell", ServicePriority);
        desk.Put<IUpgrades>(DeskSlots.Upgrades, upgrader.WithBadge((uint)shell.Number));
        _upgradable[(uint)shell.Number] = shell.OwnProcess;
        shell.Bind(new ShellDomain.Needs { Desk = desk });
    }

    // Whoever it puts a program in the place of has asked for that.
    private void BindUpgrader(DomainHandle<UpgraderDomain> upgrader)
    {
        NodeSource<ICapability> offer = Builder.NewNode<ICapability>();
        offer.Put<IPage>(0, Builder.NewPage());
        for (uint part = 0; part < OfferRecord.Nodes; part++)
        {
            NodeSource<IPage> pages = Builder.NewNode<IPage>();
            for (uint slot = 0; slot < NodeSlot.Count; slot++)
            {
                pages[slot] = Builder.NewPage();
            }

            offer.Put<INode>(1 + part, pages);
        }

        upgrader.Bind(new UpgraderDomain.Needs
        {
            Offer = offer,
            Self = upgrader.OwnProcess,
            Copies = VirtualCopies,
            Processes = _upgradable,
            Records = Builder.OpenRecords,
            Nodes = Builder.NewStore(),
            Sleep = Builder.Sleep,
        });
    }

    // Who logs in is nobody's business: no debugger looks at the login agent, or at who makes keys of passwords.
    private void AddLogin(DomainHandle<AgentDomain> agent, DomainHandle<LoginDomain> login)
    {
        ConstructorHandle<CourierDomain> couriers = Builder.AddConstructor<CourierDomain, IForeground>("courier");
        couriers.Bind(new CourierDomain.Needs { Delivered = new ClientArgument<INotification>() });
        PageSource typed = Builder.NewPage();
        DomainHandle<ScribeDomain> scribe = AddVital<ScribeDomain>("scribe", ConsolePriority);
        scribe.Bind(new ScribeDomain.Needs { Checkpoint = Builder.Checkpoint, Page = typed });
        agent.Bind(new AgentDomain.Needs
        {
            Seat = login.WithBadge(OwnersDesk),
            Self = agent.OwnProcess,
            CourierMaker = couriers,
            CourierSchedule = Builder.Schedule(CourierPriority),
            LinePage = typed,
            Scribe = scribe.Notification(1),
        });

        DomainOptions keyOptions = new()
        {
            Priority = ServicePriority,
            StorageLimit = KeyStorage,
            IsPrivate = true,
            HasThreadArea = true,
        };
        DomainHandle<Argon2Domain> keys = Builder.Add<Argon2Domain>("argon2", keyOptions);
        login.Bind(new LoginDomain.Needs
        {
            Console = Builder.ConsoleGrant,
            Self = login.OwnProcess,
            Bank = Builder.AccountOf(login),
            Sleep = Builder.Sleep,
            Keys = keys,
            Nodes = Builder.NewStore(),
            Parts = DeskParts(couriers),
        });
        DomainHandle<AlarmDomain> alarm = AddVital<AlarmDomain>("login-alarm", ConsolePriority);
        alarm.Bind(new AlarmDomain.Needs { Sleep = Builder.Sleep, Server = login });
    }

    private NodeSource<ICapability> DeskParts(ConstructorHandle<CourierDomain> couriers)
    {
        ConstructorHandle<AgentDomain> agents = Builder.AddConstructor<AgentDomain, ISessionAgent>("agent");
        agents.Bind(new AgentDomain.Needs
        {
            Seat = new ClientArgument<ISeat>(),
            Self = new OwnProcess(),
            CourierMaker = couriers,
            CourierSchedule = Builder.Schedule(CourierPriority),
            LinePage = Builder.Nothing<IPage>(),
            Scribe = Builder.Nothing<INotification>(),
        });
        ConstructorHandle<ShellDomain> shells = Builder.AddConstructor<ShellDomain, IShell>("shell");
        shells.Bind(new ShellDomain.Needs { Desk = new ClientArgument<INode>() });

        NodeSource<ICapability> template = Builder.NewNode<ICapability>();
        template.Put(DeskSlots.Programs, UsersPrograms.Node);
        template.Put(DeskSlots.ProgramNames, UsersPrograms.Names);
        template.Put(DeskSlots.Clock, Clock);
        NodeSource<ICapability> parts = Builder.NewNode<ICapability>();
        parts.Put(Login.DeskParts.Agents, agents);
        parts.Put(Login.DeskParts.AgentSchedule, Builder.Schedule(ConsolePriority));
        parts.Put(Login.DeskParts.Shells, shells);
        parts.Put(Login.DeskParts.ShellSchedule, Builder.Schedule(ServicePriority));
        parts.Put<INode>(Login.DeskParts.Template, template);
        return parts;
    }

    // The driver is trusted with all devices; who wants to know the time is not.
    private DomainHandle<TimeOfDay> AddClock()
    {
        DomainHandle<RtcDomain> driver = AddVital<RtcDomain>("rtc", ServicePriority);
        driver.Bind(new RtcDomain.Needs { Devices = Builder.DeviceGrant, Sleep = Builder.Sleep });
        DomainHandle<TimeOfDay> clock = AddVital<TimeOfDay>("clock", ServicePriority);
        clock.Bind(new TimeOfDay.Needs { Sleep = Builder.Sleep, RealTime = driver });
        Clock = clock;
        return clock;
    }

    private void AddDebugger(DomainHandle<WardenDomain> warden)
    {
        DomainOptions options = new() { Priority = ServicePriority, Restarts = true, IsVital = true };
        DomainHandle<DebuggerDomain> debugger = Builder.Add<DebuggerDomain>("debugger", options);
        debugger.Bind(new DebuggerDomain.Needs
        {
            Processes = Builder.OpenProcesses,
            Banks = Builder.Banks,
            Records = Builder.Records,
            Discrim = Builder.Discrim,
            Warden = warden,
        });
        Programs.Add("debug", debugger);
    }

    // After a restart the reserves are soon there again: both that see to it are most urgent.
    private void AddReserves()
    {
        DomainHandle<ReserveManagerDomain> reserves = AddVital<ReserveManagerDomain>("reserves", UrgentPriority);
        reserves.Bind(new ReserveManagerDomain.Needs { Grant = Builder.ReserveGrant, Self = reserves.OwnProcess });
        DomainHandle<WatcherDomain> watcher = AddVital<WatcherDomain>("reserve-watcher", UrgentPriority);
        watcher.Bind(new WatcherDomain.Needs { Sleep = Builder.Sleep, Observer = reserves });

        DomainHandle<ReserverDomain> reserver = AddVital<ReserverDomain>("reserve", ServicePriority);
        reserver.Bind(new ReserverDomain.Needs
        {
            Processes = Builder.OpenProcesses,
            Records = Builder.Records,
            Reserves = reserves,
            Discrim = Builder.Discrim,
            Sleep = Builder.Sleep,
            Places = Builder.NewStore(),
        });
        Programs.Add("reserve", reserver);
    }

    // They call the bank and are called by everybody; so they are between the two in urgency.
    private void AddServices()
    {
        DomainHandle<SpaceKeeperDomain> keeper = AddVital<SpaceKeeperDomain>("space-keeper", CourierPriority);
        keeper.Bind(new SpaceKeeperDomain.Needs
        {
            Self = keeper.OwnProcess,
            Brand = keeper.Brand(),
            Bank = Builder.AccountOf(keeper),
            Discrim = Builder.Discrim,
            ProcessTool = Builder.ProcessTool,
        });

        VirtualCopies = keeper;

        DomainHandle<ProcessCreatorDomain> creator = AddVital<ProcessCreatorDomain>("process-creator", CourierPriority);
        creator.Bind(new ProcessCreatorDomain.Needs
        {
            Self = creator.OwnProcess,
            Bank = Builder.AccountOf(creator),
            ProcessTool = Builder.ProcessTool,
            Brands = Builder.NewStore(),
        });
        ProcessCreators = creator;

        DomainHandle<ConstructorDomain> constructor = AddVital<ConstructorDomain>("constructor", CourierPriority);
        Builder.UseConstructor(constructor);
        constructor.Bind(new ConstructorDomain.Needs
        {
            Self = constructor.OwnProcess,
            Brand = constructor.Brand(),
            Bank = Builder.AccountOf(constructor),
            Discrim = Builder.Discrim,
            ProcessTool = Builder.ProcessTool,
            Creator = creator,
            VirtualCopies = keeper,
            Nodes = Builder.ConstructorNodes,
            FirstBlueprints = Builder.Blueprints,
        });
        MetaConstructor = constructor;

        ConstructorHandle<PipeDomain> pipe = Builder.AddConstructor<PipeDomain, IPipe>("pipe");
        pipe.Bind(new PipeDomain.Needs { Self = new OwnProcess() });
        Pipes = pipe;
        ConstructorHandle<DirectoryDomain> directory = Builder.AddConstructor<DirectoryDomain, IDirectory>("directory");
        directory.Bind(new DirectoryDomain.Needs { Self = new OwnProcess() });
        Directories = directory;
        ConstructorHandle<EventsDomain> events = Builder.AddConstructor<EventsDomain, IEventMultiplexer>("events");
        events.Bind(new EventsDomain.Needs { Self = new OwnProcess() });
        EventMultiplexers = events;
        AddHeldPorts();
    }

    private void AddHeldPorts()
    {
        ConstructorHandle<ReleaserDomain> releaser = Builder.AddConstructor<ReleaserDomain, IReleaser>("releaser");
        releaser.Bind(new ReleaserDomain.Needs { Checkpoint = Builder.Checkpoint, Sleep = Builder.Sleep });
        ConstructorHandle<HeldPortDomain> port = Builder.AddConstructor<HeldPortDomain, IHeldPort>("held-port");
        port.Bind(new HeldPortDomain.Needs
        {
            Self = new OwnProcess(),
            Checkpoint = Builder.Checkpoint,
            Releasers = releaser,
            Sleep = Builder.Sleep,
        });
        HeldPorts = port;
    }

    private void AddSpin()
    {
        PageSource published = Builder.NewPage();
        Add<SpinDomain>("spin", BackgroundPriority).Bind(new SpinDomain.Needs { Published = published });

        DomainHandle<SpinCheckDomain> check = Add<SpinCheckDomain>("spin-check", ServicePriority);
        check.Bind(new SpinCheckDomain.Needs { Published = published.ReadOnly });
        Programs.Add("spin-check", check);
        UsersPrograms.Add("spin-check", check);
    }

    private void AddHostile()
    {
        DomainOptions options = new() { Priority = BackgroundPriority, Restarts = true, StorageLimit = 64 };
        DomainHandle<HostileDomain> hostile = Builder.Add<HostileDomain>("hostile", options);
        hostile.Bind(new HostileDomain.Needs { Storage = Builder.AccountOf(hostile) });
        Programs.Add("hostile", hostile);
    }

    // The bench may buy 100,000 pages, with the nodes of a space for them.
    private void AddBench()
    {
        DomainHandle<BenchPeerDomain> peer = Add<BenchPeerDomain>("bench-peer", ServicePriority);
        PageSource stamps = Builder.NewPage();
        DomainHandle<BenchKeeperDomain> keeper = Add<BenchKeeperDomain>("bench-keeper", ServicePriority);
        keeper.Bind(new BenchKeeperDomain.Needs { Stamps = stamps });
        ConstructorHandle<BenchProductDomain> products =
            Builder.AddConstructor<BenchProductDomain, IBenchProduct>("bench-product");

        DomainOptions options = new() { Priority = ServicePriority, StorageLimit = 110_000 };
        DomainHandle<BenchDomain> bench = Builder.Add<BenchDomain>("bench", options);
        PageSource scratch = Builder.NewPage();
        bench.Map(SpaceLayout.Own, scratch);
        bench.Bind(new BenchDomain.Needs
        {
            Sleep = Builder.Sleep,
            Peer = peer,
            Checkpoint = Builder.Checkpoint,
            Storage = Builder.AccountOf(bench),
            OwnSpace = bench.OwnSpace,
            Schedule = Builder.Schedule(ServicePriority),
            RestSchedule = Builder.Schedule(BackgroundPriority + 1),
            UrgentSchedule = Builder.Schedule(UrgentPriority),
            ScratchLeaf = bench.OwnLeaf(SpaceLayout.Own),
            ScratchPage = scratch,
            Products = products,
            Pipes = Pipes,
            Keeper = keeper,
            BenchKeeper = keeper,
            KeeperStamps = stamps.ReadOnly,
        });
        Programs.Add("bench", bench);
    }

    private void AddStories()
    {
        DomainHandle<MailboxDomain> mailbox = Add<MailboxDomain>("mailbox", ServicePriority);
        Mailbox = mailbox;
        PageSource model = Builder.NewPage();
        DomainOptions options = new() { Priority = ServicePriority, StorageLimit = 2048 };
        DomainHandle<DemoDomain> demo = Builder.Add<DemoDomain>("demo", options);
        demo.Bind(new DemoDomain.Needs
        {
            Bank = Builder.AccountOf(demo),
            Schedule = Builder.Schedule(ServicePriority),
            EagerSchedule = Builder.Schedule(ServicePriority + 1),
            Players = Players(mailbox, model.ReadOnly),
            MetaConstructor = MetaConstructor,
            AuthorsMailbox = mailbox,
            AdvisersModel = model,
            Terminal = Terminal,
            HeldPorts = HeldPorts,
            Desk = AddDesk(),
        });
        Programs.Add("demo", demo);
    }

    // Its watcher is less urgent than the one that tells the agent, so that there is a terminal to draw on by then; and
    // urgent enough to be waiting before anybody can have taken a checkpoint.
    private DomainHandle<DeskDomain> AddDesk()
    {
        DomainHandle<DeskDomain> desk = Add<DeskDomain>("window-desk", ServicePriority);
        NodeSource<IConstructor> programs = Builder.NewNode<IConstructor>();
        programs[0] = Player<EditorDomain, IPane>(new EditorDomain.Needs());
        programs[1] = Player<SolitaireDomain, IPane>(new SolitaireDomain.Needs());
        programs[2] = Player<ClockDomain, IPane>(new ClockDomain.Needs { Sleep = Builder.Sleep });
        desk.Bind(new DeskDomain.Needs
        {
            Terminal = Terminal,
            Bank = Builder.AccountOf(desk),
            Schedule = Builder.Schedule(ServicePriority),
            Programs = programs,
        });
        DomainHandle<WatcherDomain> watcher = Add<WatcherDomain>("desk-watcher", ServicePriority);
        watcher.Bind(new WatcherDomain.Needs { Sleep = Builder.Sleep, Observer = desk });
        return desk;
    }

    // The constructors of all who play in the stories. What stands here, and their client's argument, is all that they
    // begin with; `demo` asks the constructors about it.
    private NodeSource<IConstructor> Players(ISource<IMailbox> mailbox, ISource<IPage> model)
    {
        ISource<IMailbox> nobody = Builder.Nothing<IMailbox>();
        NodeSource<IConstructor> players = Builder.NewNode<IConstructor>();
        players[(uint)Role.Algorithm] =
            Player<AlgorithmDomain, IAlgorithm>(new AlgorithmDomain.Needs { Author = nobody });
        players[(uint)Role.LeakyAlgorithm] =
            Player<AlgorithmDomain, IAlgorithm>(new AlgorithmDomain.Needs { Author = mailbox });
        players[(uint)Role.FileCompiler] = Player<FileCompilerDomain, IFileCompiler>(new FileCompilerDomain.Needs());
        players[(uint)Role.Compiler] = Player<CompilerDomain, ICompiler>(
            new CompilerDomain.Needs { Discrim = Builder.Discrim, Billing = new ClientArgument<IPage>() });
        players[(uint)Role.Customer] = Player<CustomerDomain, IProgram>(
            new CustomerDomain.Needs { Compiler = new ClientArgument<ICompiler>() });
        players[(uint)Role.MailServer] = Player<MailServerDomain, IMailServer>(
            new MailServerDomain.Needs { Boxes = new ClientArgument<INode>() });
        players[(uint)Role.Attacker] = Player<AttackerDomain, IMailServer>(
            new AttackerDomain.Needs { Boxes = new ClientArgument<INode>() });
        players[(uint)Role.EscrowAgent] = Player<EscrowAgentDomain, IEscrowAgent>(EscrowAgent(nobody));
        players[(uint)Role.CorruptEscrowAgent] = Player<EscrowAgentDomain, IEscrowAgent>(EscrowAgent(mailbox));
        players[(uint)Role.Adviser] =
            Player<AdviserDomain, IAdviser>(new AdviserDomain.Needs { Model = model, Author = nobody });
        players[(uint)Role.LeakyAdviser] =
            Player<AdviserDomain, IAdviser>(new AdviserDomain.Needs { Model = model, Author = mailbox });
        return players;
    }

    private EscrowAgentDomain.Needs EscrowAgent(ISource<IMailbox> log) => new()
    {
        MetaConstructor = MetaConstructor,
        Log = log,
        Schedule = new ClientArgument<ISchedule>(),
    };

    private ConstructorHandle<TDomain> Player<TDomain, TProduct>(IDomainNeeds<TDomain> needs)
        where TDomain : Domain, IComposedDomain, TProduct
        where TProduct : ICapability
    {
        ConstructorHandle<TDomain> player =
            Builder.AddConstructor<TDomain, TProduct>($"{typeof(TDomain).Name} of a story");
        player.Bind(needs);
        return player;
    }
}
