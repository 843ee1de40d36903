// CrowdDomain: has a crowd of hostile domains invoke at random, and sees to it that they go on: whoever faults, waits
// for what never comes or has lost its way begins a new life, with some of its registers filled again; a crowd that is
// beyond that is destroyed with its bank, and another one made. Beside each crowd are bystanders, of which it holds
// capabilities that lack something; they are compared with what they were whenever a life has ended. A member says when
// it was answered Ok to what must be refused; then this domain tries the same.
//
//   run crowd SEED N     N invocations; then what is wrong, and how often which type answered what to which order
//
// At the first thing that is wrong it stops.
//
// What a crowd has not: ranges, console, checkpoint and devices, which are authority over everybody; numbers.

using System;
using System.Runtime.InteropServices;
using System.Text;
using Eros.Domains.CrowdMember;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Crowd;

/// <summary>The crowd's keeper.</summary>
[Domain]
public sealed partial class CrowdDomain : Domain, IProgram, IKeeper
{
    private const int LooksWithoutLife = 100;

    /// <summary>Looks that a member is given to mend a fault, at most, before it begins again.</summary>
    private const int MostPatience = 16;

    private const int MostIdleCrowds = 3;
    private const ulong LookEveryNs = 300_000;
    private const ulong InvocationsOfCrowd = 20_000;

    private const ulong Storage = 4000;

    private readonly ulong[] _counts = new ulong[CrowdState.Counts];
    private ISpaceBank _yard = SpaceBankClient.Void;
    private ulong _made;
    private ulong _lives;
    private ulong _crowds;
    private int _idleCrowds;
    private string? _wrong;

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial IConstructor Members { get; }

    /// <summary>Less urgent than all services.</summary>
    [Capability]
    internal partial ISchedule Schedule { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial IDiscrim Discrim { get; }

    [Capability]
    internal partial IProcessTool ProcessTool { get; }

    [Capability]
    internal partial IConstructor Pipes { get; }

    [Capability]
    internal partial IVirtualCopies Copies { get; }

    [Capability]
    internal partial IProcessCreators Creators { get; }

    [Capability]
    internal partial IMetaConstructor MetaConstructors { get; }

    /// <summary>This domain as a keeper: it never has time.</summary>
    [Capability]
    internal partial IKeeper Keeper { get; }

    /// <inheritdoc/>
    public Result Fault(ulong code, ulong address, ulong info) => Result.NoAccess;

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        output = "usage: crowd SEED INVOCATIONS\n";
        int space = arguments.IndexOf(' ');
        if (space < 0
            || !ulong.TryParse(arguments[..space], out ulong seed)
            || !ulong.TryParse(arguments[(space + 1)..], out ulong invocations))
        {
            return Result.BadArgument;
        }

        Array.Clear(_counts);
        _made = 0;
        _lives = 0;
        _crowds = 0;
        _idleCrowds = 0;
        _wrong = null;
        Result result = Bank.CreateChild(Storage, out _yard);
        _yard.Account(out ulong before, out _, out _);
        while (result == Result.Ok && _made < invocations && _wrong is null)
        {
            result = RunCrowd(seed + (_crowds << 32), Math.Min(InvocationsOfCrowd, invocations - _made));
            _crowds++;
        }

        _yard.Account(out ulong after, out _, out _);
        output = $"{_made} invocations in {_lives} lives of {_crowds} crowds: {ResultText.Of(result)}\n"
            + $"account {before} {after}\n" + (_wrong is null ? "" : $"wrong: {_wrong}\n") + Table();
        _yard.Destroy();
        Capabilities.Release(_yard);
        return Result.Ok;
    }

    private Result RunCrowd(ulong seed, ulong invocations)
    {
        CrowdOf crowd = new(this, seed);
        Result result = crowd.Make();
        ulong made = 0;
        int idle = 0;
        while (result == Result.Ok && made < invocations && idle < LooksWithoutLife && _wrong is null)
        {
            Sleep.For(LookEveryNs);
            ulong now = crowd.Look();
            idle = now > made ? 0 : idle + 1;
            made = now;
        }

        _made += made;
        _idleCrowds = made == 0 ? _idleCrowds + 1 : 0;
        _wrong ??= result != Result.Ok ? null
            : _idleCrowds == MostIdleCrowds ? "crowd after crowd does nothing"
            : crowd.Wrong();
        _lives += crowd.Lives;
        crowd.Collect(_counts);
        return crowd.Destroy(result);
    }

    private string Table()
    {
        StringBuilder text = new();
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] != 0)
            {
                int rest = i / CrowdState.Results;
                text.Append($"{rest / CrowdState.Orders} {rest % CrowdState.Orders} {i % CrowdState.Results} ");
                text.Append(_counts[i]).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>One crowd, from its making to its end.</summary>
    private sealed class CrowdOf(CrowdDomain keeper, ulong seed)
    {
        private const int Size = 4;
        private const ulong Limit = 1200;
        private const ulong LimitOfPurchases = 64;

        private readonly CrowdDomain _keeper = keeper;
        private readonly ulong _seed = seed;
        private readonly ulong[] _entries = new ulong[Size];
        private readonly ulong[] _seen = new ulong[Size];
        private readonly int[] _idle = new int[Size];
        private readonly int[] _patience = new int[Size];
        private readonly Wares _wares = new();
        private ISpaceBank _bank = SpaceBankClient.Void;
        private INode _processes = NodeClient.Void;
        private Bystanders? _bystanders;

        public ulong Lives { get; private set; }

        public Result Make()
        {
            Result result = _keeper._yard.CreateChild(Limit, out _bank);
            result = result == Result.Ok ? _bank.BuyNode(out _processes) : result;
            for (uint i = 0; i < Size && result == Result.Ok; i++)
            {
                result = MakeMember(i);
            }

            result = result == Result.Ok ? _wares.Open(_bank) : result;
            if (result != Result.Ok)
            {
                return result;
            }

            _bystanders = new Bystanders(_bank, _keeper._yard, _keeper.Discrim);
            result = _bystanders.Open();
            if (result == Result.Ok)
            {
                Equipment equipment = new(_bank, _wares, _bystanders);
                equipment.Make(_keeper.Schedule, _keeper.Sleep, _keeper.Discrim, _keeper.ProcessTool);
                result = _bystanders.Settle(_wares);
                MakePurse();
                AddServices();
                for (uint i = 0; i < Size; i++)
                {
                    ShowBystanders(i);
                    Revive(i, 0);
                }
            }

            return result;
        }

        /// <summary>Invocations that were made so far. Who is stuck begins a new life, when all has been looked at, and
        /// so does who suspects something, which has turned out to be nothing: it notes one thing in a life.
        /// </summary>
        public ulong Look()
        {
            ulong all = 0;
            uint stuck = 0;
            bool isSuspicious = false;
            for (uint i = 0; i < Size; i++)
            {
                CrowdState state = Read(i, out bool isThere);
                isSuspicious |= state.SuspectWare != 0;
                stuck |= isThere && IsStuck(i, state.Invocations) ? 1u << (int)i : 0;
                all += _seen[i];
            }

            if (stuck != 0 || isSuspicious)
            {
                _keeper._wrong ??= Text(_bystanders?.Changed());
            }

            for (uint i = 0; i < Size && (stuck != 0 || isSuspicious); i++)
            {
                CrowdState state = Read(i, out _);
                _keeper._wrong ??= Suspicion(i, in state);
                if ((stuck >> (int)i & 1) != 0 || state.SuspectWare != 0)
                {
                    Revive(i, state.Lives);
                }
            }

            return all;
        }

        // Whoever does nothing even in a new life may be waiting for a page: it is given longer each time.
        private bool IsStuck(uint number, ulong invocations)
        {
            bool isOn = invocations != _seen[number];
            _seen[number] = invocations;
            _idle[number] = isOn ? 0 : _idle[number] + 1;
            _patience[number] = isOn ? 1 : _patience[number];
            bool isStuck = !isOn && _idle[number] >= _patience[number];
            if (isStuck)
            {
                _idle[number] = 0;
                _patience[number] = Math.Min(MostPatience, 2 * Math.Max(1, _patience[number]));
            }

            return isStuck;
        }

        /// <summary>What is wrong in the end; null for nothing.</summary>
        public string? Wrong()
        {
            string? wrong = Text(_bystanders?.Changed());
            for (uint i = 0; i < Size; i++)
            {
                CrowdState state = Read(i, out _);
                wrong ??= Suspicion(i, in state);
            }

            return wrong;
        }

        public void Collect(ulong[] counts)
        {
            byte[] bytes = new byte[MappedPage.SizeInBytes];
            for (uint i = 0; i < Size; i++)
            {
                IProcess process = ProcessOf(i);
                for (int at = 0; at < counts.Length; at += bytes.Length / sizeof(uint))
                {
                    ulong address = SpaceLayout.Own + (ulong)(MappedPage.SizeInBytes + (at * sizeof(uint)));
                    process.ReadMemory(address, (ulong)bytes.Length, bytes, out int stored);
                    for (int n = 0; n < stored / sizeof(uint) && at + n < counts.Length; n++)
                    {
                        counts[at + n] += MemoryMarshal.Read<uint>(bytes.AsSpan(n * sizeof(uint)));
                    }
                }

                Capabilities.Release(process);
            }
        }

        public Result Destroy(Result result)
        {
            Result ended = _bank.Destroy();
            _bystanders?.Remove();
            _wares.Close();
            Capabilities.Release(_bank);
            Capabilities.Release(_processes);
            return result == Result.Ok ? ended : result;
        }

        private Result MakeMember(uint number)
        {
            Result result = _keeper.Members.Request(
                _bank, _keeper.Schedule, CapabilityClient.At(0), out ICapability product);
            if (result != Result.Ok)
            {
                return result;
            }

            ICrowdMember member = CrowdMemberClient.Of(product);
            result = member.Prepare(_seed + number, out _entries[number], out IProcess process);
            _processes.Put(number, process);
            _processes.Put(Size + number, member);
            Capabilities.Release(member);
            Capabilities.Release(process);
            return result;
        }

        // What members may spend is less than what they are made of, and can be destroyed by them.
        private void MakePurse()
        {
            _bank.CreateChild(LimitOfPurchases, out ISpaceBank purse);
            _wares.Give(CrowdWares.Bank, purse);
        }

        private void AddServices()
        {
            int ware = CrowdWares.FirstService;
            foreach (ICapability service in (ReadOnlySpan<ICapability>)
                [_keeper.Pipes, _keeper.Copies, _keeper.Creators, _keeper.MetaConstructors])
            {
                _wares.Copy(ware++, service);
            }

            Result result = _keeper.Pipes.Request(
                _bank, _keeper.Schedule, CapabilityClient.At(0), out ICapability pipe);
            if (result == Result.Ok)
            {
                PipeClient.Of(pipe).Open(out IPipeReader reader, out IPipeWriter writer);
                _wares.Give(CrowdWares.PipeReader, reader);
                Capabilities.Release(writer);
            }

            Capabilities.Release(pipe);
        }

        // In the space that a member runs in, bystanders' memory is behind its own.
        private void ShowBystanders(uint number)
        {
            const int SpaceLog2 = CrowdWares.ViewLog2 + Guard.NodeLog2;
            IProcess process = ProcessOf(number);
            process.FetchSlot(ProcessSlot.Space, out ICapability own);
            _bank.BuySpaceNode(CrowdWares.ViewLog2, out INode root);
            root.Put(0, own);
            Capabilities.Release(own);
            for (int i = 0; i < CrowdWares.Views.Length; i++)
            {
                ICapability view = _wares.Take(CrowdWares.Views[i]);
                root.Put(1 + (uint)i, view);
                Capabilities.Release(view);
            }

            root.MakeSpace(Guard.At0(SpaceLog2).Value, 0, out ISpace space);
            process.PutSlot(ProcessSlot.Space, space);
            Capabilities.Release(root);
            Capabilities.Release(space);
            Capabilities.Release(process);
        }

        private void Revive(uint number, ulong life)
        {
            IProcess process = ProcessOf(number);
            for (int i = 0; i < CrowdWares.RefilledBefore(life); i++)
            {
                int register = CrowdWares.RefilledAt(life, i, out int ware);
                ICapability thing = Take(number, ware);
                process.PutRegister((uint)register, thing);
                Capabilities.Release(thing);
            }

            // Half of them are kept by a neighbour.
            _processes.Fetch(Size + ((number + 1) % Size), out ICapability neighbour);
            process.PutSlot(ProcessSlot.Keeper, number % 2 == 0 ? neighbour : _keeper.Keeper);
            process.PutSlot(ProcessSlot.Schedule, _keeper.Schedule);
            Capabilities.Release(neighbour);
            ProcessRegisters registers = new()
            {
                Rip = _entries[number],
                Rsp = SpaceLayout.StackTop - sizeof(ulong),
            };
            process.WriteRegisters(MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessRegisters>(in registers)));
            process.Run();
            Capabilities.Release(process);
            Lives++;
        }

        private ICapability Take(uint number, int ware)
        {
            uint next = (number + 1) % Size;
            ICapability thing;
            switch (ware)
            {
                case CrowdWares.OwnProcess:
                    return ProcessOf(number);
                case CrowdWares.NextProcess:
                    return ProcessOf(next);
                case CrowdWares.OwnStart:
                    _processes.Fetch(Size + number, out thing);
                    return thing;
                case CrowdWares.NextStart:
                    _processes.Fetch(Size + next, out thing);
                    return thing;
                case CrowdWares.Notification:
                    IProcess process = ProcessOf(next);
                    process.MakeNotification(1u << (int)number, out INotification notification);
                    Capabilities.Release(process);
                    return notification;
                default:
                    return _wares.Take(ware);
            }
        }

        private static string? Text(string? changed) =>
            changed is null ? null : $"a bystander's {changed} was changed";

        // What a member says it was answered may have come from something else that a neighbour put in the ware's
        // place. So the same is asked of the ware itself.
        private string? Suspicion(uint number, in CrowdState state)
        {
            int ware = state.SuspectWare;
            ulong order = state.SuspectOrder;
            if (!Refusals.IsRefused(ware, order, state.SuspectWord1, state.SuspectWord2))
            {
                return null;
            }

            ICapability thing = Take(number, ware);
            MessageRegisters message = default;
            message.Order = order;
            message.Word1 = state.SuspectWord1;
            message.Word2 = state.SuspectWord2;
            int register = CapabilityClient.RegisterOf(thing);
            message.Call(register, InvocationWord.Registers(register), 0);
            Capabilities.Release(thing);
            return message.Result == Result.Ok
                ? $"ware {ware} obeyed order {order} with {state.SuspectWord1} {state.SuspectWord2}"
                : null;
        }

        private CrowdState Read(uint number, out bool isThere)
        {
            Span<byte> bytes = stackalloc byte[CrowdState.SizeInBytes];
            IProcess process = ProcessOf(number);
            Result result = process.ReadMemory(SpaceLayout.Own, CrowdState.SizeInBytes, bytes, out int stored);
            Capabilities.Release(process);
            isThere = result == Result.Ok && stored == CrowdState.SizeInBytes;
            return isThere ? MemoryMarshal.Read<CrowdState>(bytes) : default;
        }

        private IProcess ProcessOf(uint number)
        {
            _processes.Fetch(number, out ICapability process);
            return ProcessClient.Of(process);
        }
    }
}
