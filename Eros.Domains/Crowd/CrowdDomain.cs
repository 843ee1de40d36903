// CrowdDomain: has a crowd of hostile domains invoke at random, and sees to it that they go on: whoever faults, waits
// for what never comes or has lost its way begins a new life, with some of its registers filled again; a crowd that is
// beyond that is destroyed with its bank, and another one made. Beside them are pages of this domain's own, of which
// none of them has a capability.
//
//   run crowd SEED N     N invocations; then how often which type answered what to which order
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
    private const int LooksWithoutLife = 20;
    private const ulong LookEveryNs = 300_000;
    private const ulong InvocationsOfCrowd = 20_000;

    private const ulong Storage = 4000;

    private readonly ulong[] _counts = new ulong[CrowdState.Counts];
    private ISpaceBank _yard = SpaceBankClient.Void;
    private ulong _made;
    private ulong _lives;
    private ulong _crowds;

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
        Result result = Bank.CreateChild(Storage, out _yard);
        Bystanders bystanders = new(_yard);
        result = result == Result.Ok ? bystanders.Place() : result;
        _yard.Account(out ulong before, out _, out _);
        while (result == Result.Ok && _made < invocations)
        {
            result = RunCrowd(seed + (_crowds << 32), Math.Min(InvocationsOfCrowd, invocations - _made));
            _crowds++;
        }

        _yard.Account(out ulong after, out _, out _);
        output = $"{_made} invocations in {_lives} lives of {_crowds} crowds: {ResultText.Of(result)}\n"
            + $"{bystanders.Changed()} bystanders changed, account {before} {after}\n" + Table();
        bystanders.Remove();
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
        while (result == Result.Ok && made < invocations && idle < LooksWithoutLife)
        {
            Sleep.For(LookEveryNs);
            ulong now = crowd.Look();
            idle = now > made ? 0 : idle + 1;
            made = now;
        }

        _made += made;
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
        private ISpaceBank _bank = SpaceBankClient.Void;
        private INode _processes = NodeClient.Void;
        private INode _equipment = NodeClient.Void;

        public ulong Lives { get; private set; }

        public Result Make()
        {
            Result result = _keeper._yard.CreateChild(Limit, out _bank);
            result = result == Result.Ok ? _bank.BuyNode(out _processes) : result;
            result = result == Result.Ok ? _bank.BuyNode(out _equipment) : result;
            for (uint i = 0; i < Size && result == Result.Ok; i++)
            {
                result = MakeMember(i);
            }

            if (result == Result.Ok)
            {
                Equipment equipment = new(_bank, _equipment);
                equipment.Make(_keeper.Schedule, _keeper.Sleep, _keeper.Discrim, _keeper.ProcessTool);
                MakePurse();
                AddServices();
                for (uint i = 0; i < Size; i++)
                {
                    Equip(i);
                }
            }

            return result;
        }

        /// <summary>Invocations that were made so far; who is stuck begins a new life.</summary>
        public ulong Look()
        {
            ulong all = 0;
            for (uint i = 0; i < Size; i++)
            {
                CrowdState state = Read(i, out bool isThere);
                if (isThere && state.Invocations == _seen[i])
                {
                    Revive(i, state.Lives);
                }

                _seen[i] = isThere ? state.Invocations : _seen[i];
                all += _seen[i];
            }

            return all;
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
            Capabilities.Release(_bank);
            Capabilities.Release(_processes);
            Capabilities.Release(_equipment);
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
            _equipment.Put(CrowdTypes.Bank, purse);
            Capabilities.Release(purse);
        }

        private void AddServices()
        {
            uint register = CrowdTypes.FirstService;
            foreach (ICapability service in (ReadOnlySpan<ICapability>)
                [_keeper.Pipes, _keeper.Copies, _keeper.Creators, _keeper.MetaConstructors])
            {
                _equipment.Put(register++, service);
            }

            Result result = _keeper.Pipes.Request(
                _bank, _keeper.Schedule, CapabilityClient.At(0), out ICapability pipe);
            if (result == Result.Ok)
            {
                PipeClient.Of(pipe).Open(out IPipeReader reader, out IPipeWriter writer);
                _equipment.Put(CrowdTypes.PipeReader, reader);
                Capabilities.Release(reader);
                Capabilities.Release(writer);
            }

            Capabilities.Release(pipe);
        }

        private void Equip(uint number)
        {
            IProcess process = ProcessOf(number);
            for (int register = 1; register < CrowdTypes.Registers; register++)
            {
                Fill(process, number, register);
            }

            Capabilities.Release(process);
            Revive(number, 0);
        }

        private void Revive(uint number, ulong life)
        {
            IProcess process = ProcessOf(number);
            for (int i = 0; i < CrowdTypes.RefilledPerLife; i++)
            {
                Fill(process, number, CrowdTypes.RefilledAt(life, i));
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

        private void Fill(IProcess process, uint number, int register)
        {
            ICapability thing;
            switch (register)
            {
                case CrowdTypes.OwnProcess:
                    thing = ProcessOf(number);
                    break;
                case CrowdTypes.NextProcess:
                    thing = ProcessOf((number + 1) % Size);
                    break;
                case CrowdTypes.OwnStart:
                    _processes.Fetch(Size + number, out thing);
                    break;
                case CrowdTypes.NextStart:
                    _processes.Fetch(Size + ((number + 1) % Size), out thing);
                    break;
                case CrowdTypes.Notification:
                    IProcess next = ProcessOf((number + 1) % Size);
                    next.MakeNotification(1u << (int)number, out INotification notification);
                    Capabilities.Release(next);
                    thing = notification;
                    break;
                default:
                    _equipment.Fetch((uint)register, out thing);
                    break;
            }

            process.PutRegister((uint)register, thing);
            Capabilities.Release(thing);
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
