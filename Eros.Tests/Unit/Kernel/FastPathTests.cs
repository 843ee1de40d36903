using System;
using System.Buffers.Binary;
using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Scheduling;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The fast path has the results of the general path, or declines and changes nothing.</summary>
public sealed class FastPathTests
{
    private const int Runs = 2000;
    private const uint Spread = 0x61C8_8647;
    private const int SpreadShift = 24;
    private const int FsBaseOffset = 144;
    private const long NotPlainOffset = 80;
    private const long FaultCodesOffset = 104;

    [Test]
    public void Fast_and_general_path_leave_equal_machines([Values(1, 2)] int firstSeed)
    {
        int taken = 0;
        for (int i = 0; i < Runs; i++)
        {
            int seed = (firstSeed * Runs) + i;
            taken += RunBoth(seed) ? 1 : 0;
        }

        Assert.That(taken, Is.InRange(Runs / 5, Runs * 4 / 5), "the states try both outcomes");
    }

    [Test]
    public void An_exception_reaches_its_keeper_and_the_keepers_retry_the_process_fast()
    {
        using var world = new World(seed: 0, isPlain: true);
        world.Client.Frame.Keeper = world.Server.Start(9);
        world.Server.Frame.RunState = RunState.Available;
        Assert.That(NativeFastPath.TryFault(world.Machine, FaultCode.BadOpcode, 5));
        Assert.That(world.Server.IsCurrent);
        Assert.That(world.Server.Frame.Rsi, Is.EqualTo((ulong)FaultCode.BadOpcode));
        Assert.That(world.Client.State, Is.EqualTo(RunState.Waiting));
        world.Machine.Processor.ResumeDomain(null, ref world.Server.Frame);
        world.Server.Frame.Rax = new InvocationWord(InvocationKind.Return, World.ReplyRegister, 0, 0).Value;
        world.Server.Frame.Rdi = FaultResumeOrder.Retry;
        Assert.That(NativeFastPath.TryRun(world.Machine));
        Assert.That(world.Client.IsCurrent);
        Assert.That(world.Client.Frame.FaultCode, Is.EqualTo(FaultCode.None));
        Assert.That(world.Client.Frame.Flags, Is.EqualTo(ProcessFlags.None));
        Assert.That(world.Machine.Counters.Values.FastInvocations, Is.EqualTo(2));
    }

    [Test]
    public void Whoever_falls_into_the_line_of_a_server_does_not_make_it_slow([Values] bool byForwarder)
    {
        using var world = new World(seed: 0, isPlain: true);
        FastTargets targets = world.Machine.Kernel.Spaces.Targets;
        Capability server = world.Client[20];
        Capability forwarder = world.Machine.NewNode(NodeKind.Forwarder).WithType(CapabilityType.Forwarder);
        if (byForwarder)
        {
            targets.Learn(forwarder, server);
            world.Client[20] = forwarder;
        }

        foreach (Oid known in new[] { server.Oid, forwarder.Oid })
        {
            Oid other = OtherOfLine(known);
            targets.Forget(other);
            if (known.Value == server.Oid.Value)
            {
                targets.Learn(new Capability(CapabilityType.Forwarder, other, 1), server);
            }
        }

        Assert.That(NativeFastPath.TryRun(world.Machine));
    }

    /// <summary>The line of an object is told by the upper byte of a product: FastTargets.</summary>
    private static Oid OtherOfLine(Oid oid)
    {
        for (ulong other = oid.Value + 1; ; other++)
        {
            if ((uint)other * Spread >> SpreadShift == (uint)oid.Value * Spread >> SpreadShift)
            {
                return new Oid(other);
            }
        }
    }

    [Test]
    public void Page_faults_and_interrupts_are_not_for_the_keeper()
    {
        using var world = new World(seed: 0, isPlain: true);
        world.Client.Frame.Keeper = world.Server.Start();
        world.Server.Frame.RunState = RunState.Available;
        Assert.That(NativeFastPath.TryVector(world.Machine, 0, 0), Is.False, "it has no code");

        // No vector, but where a code would stand then there is something.
        ulong past = unchecked((ulong)(NotPlainOffset - FaultCodesOffset));
        Assert.That(NativeFastPath.TryVector(world.Machine, past, 0), Is.False, "no exception");
        Assert.That(NativeFastPath.TryVector(world.Machine, 1, 0), "the rest is plain");
    }

    [TestCase(0ul, true)]
    [TestCase(0x1000ul, false)]
    public void A_process_whose_registers_are_written_stays_known_unless_it_gets_a_base(ulong fsBase, bool isKnown)
    {
        using var world = new World(seed: 0, isPlain: true);
        Span<byte> registers = world.Machine.Frames.Bytes(world.Server.Entry).Slice(64, 160).ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(registers[FsBaseOffset..], fsBase);
        world.Client.Write(SimulatedDomain.Window, registers);
        world.Client.SetString(SimulatedDomain.Window, (uint)registers.Length);
        Capability invoked = world.Client[20];
        Assert.That(world.Client.Call(world.Server.Process, ProcessOrder.WriteRegisters), Is.EqualTo(Result.Ok));
        world.Client.SetString(SimulatedDomain.Window, 0);
        world.Client.Prepare(InvocationKind.Call, 20, 1);
        world.Client[20] = invoked;
        Assert.That(NativeFastPath.TryRun(world.Machine), Is.EqualTo(isKnown));
    }

    [Test]
    public void The_plain_call_and_return_are_fast()
    {
        using var world = new World(seed: 0, isPlain: true);
        Assert.That(NativeFastPath.TryRun(world.Machine));
        Assert.That(world.Server.IsCurrent);
        world.Machine.Processor.ResumeDomain(null, ref world.Server.Frame);
        world.Server.Prepare(InvocationKind.Return, World.ReplyRegister, 5);
        Assert.That(NativeFastPath.TryRun(world.Machine));
        Assert.That(world.Client.IsCurrent);
        Assert.That(world.Client.Frame.Rdi, Is.EqualTo(5));
        Assert.That(world.Machine.Counters.Values.FastInvocations, Is.EqualTo(2));
        Assert.That(world.Machine.Counters.Values.Invocations, Is.Zero);
    }

    private static bool RunBoth(int seed)
    {
        using var fast = new World(seed, isPlain: false);
        using var general = new World(seed, isPlain: false);
        byte[] before = fast.Dump();
        bool isTaken = fast.Exception == FaultCode.None
            ? NativeFastPath.TryRun(fast.Machine)
            : NativeFastPath.TryFault(fast.Machine, fast.Exception, World.Error);
        if (!isTaken)
        {
            Assert.That(fast.Dump().AsSpan().SequenceEqual(before), $"seed {seed}: declined, but changed something");
            return false;
        }

        if (general.Exception == FaultCode.None)
        {
            general.Machine.Kernel.SystemCall();
        }
        else
        {
            general.Machine.Kernel.Fault(general.Exception, general.Client.Frame.Rip, World.Error);
        }

        general.Machine.Dispatch();
        Assert.That(fast.Describe(), Is.EqualTo(general.Describe()), $"seed {seed}");
        Assert.That(fast.HasMemoryOf(general), $"seed {seed}: memory differs");
        return true;
    }

    /// <summary>A client that is about to invoke or has faulted, a server or keeper, a bystander, in a state that the
    /// seed says.</summary>
    private sealed class World : IDisposable
    {
        public const int ReplyRegister = 19;
        private const int AnswerRegister = 7;

        public const ulong Error = 0x1234;

        private readonly Random _random;
        private readonly bool _isPlain;

        public World(int seed, bool isPlain)
        {
            _random = new Random(seed);
            _isPlain = isPlain;
            Server = Machine.NewDomain(priority: Odd(4) ? _random.Next(12) : 8);
            Server.GiveSpace(1);
            Bystander = Machine.NewDomain(priority: Odd(4) ? _random.Next(12) : 8);
            Client = Machine.NewRunning(pages: 1);
            Machine.Dispatch();
            Server.Frame.FsBase = Odd(12) ? 1u : 0;
            if (!Odd(8))
            {
                Machine.Frames.MakeDirty(Server.Entry);
            }

            Machine.Kernel.Spaces.Activate(Server.Entry);
            Machine.Kernel.Spaces.Activate(Client.Entry);
            foreach (SimulatedDomain domain in new[] { Client, Server, Bystander })
            {
                Fill(domain);
            }

            Arrange();
            Client.Frame.RunState = RunState.Running;
        }

        public SimulatedMachine Machine { get; } = new(physicalFrames: 64);

        public SimulatedDomain Client { get; }

        public SimulatedDomain Server { get; }

        public SimulatedDomain Bystander { get; }

        /// <summary>What the client has done that it cannot do; None: it invokes.</summary>
        public FaultCode Exception { get; private set; }

        public byte[] Dump()
        {
            var bytes = new byte[Machine.Memory.FrameLimit * 4096];
            for (uint pfn = 0; pfn < Machine.Memory.FrameLimit; pfn++)
            {
                Machine.Memory.Bytes(pfn).CopyTo(bytes.AsSpan((int)pfn * 4096));
            }

            return bytes;
        }

        public bool HasMemoryOf(World other)
        {
            bool isSame = true;
            for (uint pfn = 0; pfn < Machine.Memory.FrameLimit; pfn++)
            {
                isSame &= Machine.Memory.Bytes(pfn).SequenceEqual(other.Machine.Memory.Bytes(pfn));
            }

            return isSame;
        }

        /// <summary>What the kernel holds beside memory.</summary>
        public string Describe()
        {
            Scheduler scheduler = Machine.Kernel.Scheduler;
            string text = $"process {ProcessControl.Current(Machine.Kernel)} root {Machine.Processor.State.Root}";
            text += $" mmu {Machine.Mmu.Root} current {scheduler.Current} ready {scheduler.HighestReady}";
            for (int i = 0; i < 4; i++)
            {
                ref Activity activity = ref Machine.Kernel.Activities[i];
                text += $" | {activity.State} {activity.Frame} {activity.Ring} {activity.Flags} {activity.Reason}";
            }

            return text;
        }

        public void Dispose() => Machine.Dispose();

        private bool Odd(int oneIn) => !_isPlain && _random.Next(oneIn) == 0;

        private void Fill(SimulatedDomain domain)
        {
            for (int i = 1; i < Node.SlotCount; i++)
            {
                domain[i] = Capability.Number((ulong)_random.NextInt64());
            }

            domain.Frame.Rdi = (ulong)_random.NextInt64();
            domain.Frame.Rsi = (ulong)_random.NextInt64();
            domain.Frame.Rdx = (ulong)_random.NextInt64();
            domain.Frame.R8 = (ulong)_random.NextInt64();
            domain.Frame.CallCount = (ulong)_random.Next(5);
        }

        private void Arrange()
        {
            bool isCall = _isPlain || _random.Next(2) == 0;
            bool isOfKeeper = !_isPlain && _random.Next(2) == 0;
            Client.Frame.Rax = Word(isCall ? InvocationKind.Call : InvocationKind.Return);
            CapabilityType resume = isOfKeeper ? CapabilityType.FaultResume : CapabilityType.Resume;
            Client[20] = isCall
                ? Server.Start((uint)_random.Next())
                : Capability.Resume(Server.Oid, Server.Frame.CallCount, resume);
            if (isOfKeeper && isCall)
            {
                Exception = (FaultCode)_random.Next(TrapBlock.Exceptions + 1);
            }
            else if (isOfKeeper)
            {
                Mend();
            }

            uint plain = InvocationWord.Registers(0, 0, 0, ReplyRegister);
            Server.Frame.Rax = _isPlain
                ? new InvocationWord(InvocationKind.Return, 0, 0, plain).Value
                : Word(InvocationKind.Return);
            Server.Frame.R10 = (ulong)_random.Next(5000) << 32;
            Server.Frame.RunState = isCall ? RunState.Available : RunState.Waiting;
            Client.SetString(SimulatedDomain.Window, Odd(16) ? 100u : 0, room: (uint)_random.Next(100));
            if (isCall && Odd(4))
            {
                GoThroughForwarder();
            }

            Disturb();
            Client.Frame.Keeper = Client[20];
        }

        /// <summary>Has the client know what the server did that it could not do, and let it try again.</summary>
        private void Mend()
        {
            Client.Frame.Rdi = Odd(6) ? (ulong)_random.NextInt64() : FaultResumeOrder.Retry;
            Client.Frame.Rax &= Odd(4) ? ulong.MaxValue : ~0xF_FFFF_0000ul;
            if (Odd(6))
            {
                Client[AnswerRegister] = Capability.Resume(Bystander.Oid, Bystander.Frame.CallCount);
                Bystander.Frame.RunState = RunState.Waiting;
                uint send = InvocationWord.Registers(0, 0, 0, AnswerRegister);
                Client.Frame.Rax = new InvocationWord(InvocationKind.Return, 20, send, 0).Value;
            }

            Server.Frame.FaultCode = (FaultCode)_random.Next(TrapBlock.Exceptions);
            Server.Frame.FaultAddress = (ulong)_random.NextInt64();
            Server.Frame.FaultInfo = (ulong)_random.NextInt64();
            Server.Frame.Flags = (ProcessFlags)_random.Next(4);
            Server.Frame.Space = Odd(8) ? Client.Frame.Space : Server.Frame.Space;
            Forget();
            Machine.Kernel.Spaces.Activate(Server.Entry);
            Machine.Kernel.Spaces.Activate(Client.Entry);
        }

        /// <summary>Puts a forwarder before the server, known to the fast path or not, its gate open or not.</summary>
        private void GoThroughForwarder()
        {
            bool isOpen = Odd(2);
            Rights rights = isOpen ? Rights.None : Rights.FixedPayload;
            Capability target = new(CapabilityType.Start, Server.Oid, Server.Frame.Version, Client[20].Data, rights);
            Capability made = Machine.NewNode(NodeKind.Forwarder);
            Client[20] = made.WithType(CapabilityType.Forwarder);
            ref Node node = ref Machine.NodeOf(made);
            node.Slots[0] = Odd(8) ? Capability.Number(1) : target;
            node.Word = (uint)_random.Next();
            bool isKnown = !Odd(4);
            if (isKnown)
            {
                Machine.Kernel.Spaces.Targets.Learn(Client[20], isOpen ? target.WithData(node.Word) : target);
            }

            if (Odd(4) || node.Slots[0].Type != CapabilityType.Start)
            {
                node.Flags = Odd(2) ? NodeFlags.Blocked : NodeFlags.None;
                Machine.Frames.Resident(made.Oid.Frame, out int entry);
                Machine.Kernel.Spaces.NodeChanging(entry, made.Oid.Index);
            }
        }

        private ulong Word(InvocationKind kind)
        {
            uint send = Odd(2) ? (uint)_random.Next(1 << 20) : 0;
            uint receive = Odd(2) ? (uint)_random.Next(1 << 20) : 0;
            ulong word = new InvocationWord(kind, 20, send, receive).Value;
            return Odd(16) ? word ^ (1UL << _random.Next(64)) : word;
        }

        /// <summary>As the kernel does with a process that is changed by a holder of its capability.</summary>
        private void Forget() => Machine.Kernel.Spaces.Forget(Server.Entry, 0);

        private void Disturb()
        {
            Server.Frame.Rip = Odd(12) ? 1UL << 47 : Server.Frame.Rip;
            if (Odd(12))
            {
                Client.Frame.Notifications = 1;
            }

            if (Odd(12))
            {
                Server.Frame.RunState = (RunState)_random.Next(2);
            }

            if (Odd(12))
            {
                Server.Frame.Version += (uint)_random.Next(2);
                Server.Frame.CallCount += (uint)_random.Next(2);
                Machine.Frames[Server.Entry].Version += (uint)_random.Next(2);
                Forget();
            }

            if (Odd(12))
            {
                Machine.Processor.State.Trap.Stale = (uint)_random.Next(20);
            }

            if (Odd(6))
            {
                ulong flip = 1UL << _random.Next(64);
                bool isLow = Odd(2);
                Client[20] = new Capability(
                    Client[20].Low ^ (isLow ? flip : 0), Client[20].High ^ (isLow ? 0 : flip));
            }

            if (Odd(12))
            {
                Server.Frame.Schedule = new Capability((ulong)_random.Next(16), (ulong)_random.Next(64) << 32);
                Forget();
            }

            if (Odd(12))
            {
                Server.Frame.Space = default;
                Forget();
            }

            if (Odd(4))
            {
                Bystander.Frame.RunState = RunState.Running;
                ProcessControl.Start(Machine.Kernel, Bystander.Entry);
            }
            else if (Odd(4))
            {
                int activity = Machine.Kernel.Activities.Allocate(Bystander.Frame.Frame, 3);
                ulong key = _random.Next(2) == 0 ? Client.Frame.Frame : Server.Frame.Frame;
                Machine.Kernel.Stalls.Stall(activity, StallReason.Available, key);
            }
        }
    }
}
