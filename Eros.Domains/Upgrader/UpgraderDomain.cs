// UpgraderDomain: has a program that was offered from outside take the place of a domain's, if both agree: the domain
// asks for it, and hands over what it wants known of its memory; the program, on trial in a process of its own, says
// whether it can go on from there (docs/upgrades.md).
//
// Invariants: one trial at a time, and its predecessor waits for the answer from its beginning to its end; so when the
// new program is moved into the predecessor's process, nothing that this process did has been lost. Whatever ends a
// trial otherwise ends with its bank, and the predecessor is told.

using System;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Upgrader;

/// <summary>
/// Facets: what a domain may ask, whose number is the badge; what a program on trial says, and what the kernel says of
/// it, where the badge is the trial's number.
/// </summary>
[Domain]
public sealed partial class UpgraderDomain : Domain, IUpgrades, ISuccession, IKeeper
{
    private const int SuccessionFacet = 1;
    private const int KeeperFacet = 2;
    private const ulong StorageLimit = 1024;

    // A badge has so many bits.
    private const uint TrialMask = 0xFFFFFF;

    private readonly byte[] _record = new byte[MappedPage.SizeInBytes];
    private CapabilityStore? _banks;
    private DeferredReply _predecessor;
    private uint _number;
    private uint _trialNumber;
    private byte[] _estate = [];
    private ISpaceBank _bank = SpaceBankClient.Void;
    private Trial? _trial;

    /// <summary>What is offered (<see cref="OfferRecord"/>); first, where the host looks for it.</summary>
    [Capability]
    internal partial INode Offer { get; }

    /// <summary>This very process: it makes what trials report to.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    [Capability]
    internal partial IVirtualCopies Copies { get; }

    /// <summary>The domains that may ask, by number; fourth, where the host looks for them.</summary>
    [Capability]
    internal partial INode Processes { get; }

    /// <summary>A <see cref="DomainRecord"/> for each, which says what its program is.</summary>
    [Capability]
    internal partial IPage Records { get; }

    /// <summary>For the banks of programs that have taken a place, by its number.</summary>
    [Capability]
    internal partial INode Nodes { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    protected override int MaxString => Succession.MaxEstate;

    /// <inheritdoc/>
    public Result Offered(out string name)
    {
        Result result = ReadOffer(Badge);
        name = result == Result.Ok ? new OfferRecord(_record).Title : "";
        return result;
    }

    /// <inheritdoc/>
    public Result Replace(ReadOnlySpan<byte> estate)
    {
        if (_trial is not null)
        {
            return Result.Busy;
        }

        Result result = ReadOffer(Badge);
        if (result != Result.Ok)
        {
            return result;
        }

        _number = Badge;
        IProcess place = FetchPlace();
        result = Begin(place);
        Capabilities.Release(place);
        if (result != Result.Ok)
        {
            End();
            return result;
        }

        _estate = estate.ToArray();
        _predecessor = Defer();
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Fetch(Span<byte> estate, out int length)
    {
        bool isTrials = _trial is not null && Badge == _trialNumber && estate.Length >= _estate.Length;
        length = isTrials ? _estate.Length : 0;
        _estate.AsSpan(0, length).CopyTo(estate);
        return isTrials ? Result.Ok : Result.NoAccess;
    }

    /// <inheritdoc/>
    public Result Settle(Result verdict)
    {
        if (_trial is null || Badge != _trialNumber)
        {
            return Result.NoAccess;
        }

        // Who asks is moved or ended: nobody waits here for an answer.
        Defer().GiveUp();
        if (verdict == Result.Ok)
        {
            Move(_trial);
        }
        else
        {
            Refuse(verdict);
        }

        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Fault(ulong code, ulong address, ulong info)
    {
        if (_trial is not null && Badge == _trialNumber)
        {
            Refuse(Succession.Failed);
        }

        return Result.NoAccess;
    }

    /// <summary>Reads the record of an offer; NoOffer when there is none for that domain.</summary>
    private Result ReadOffer(uint number)
    {
        Offer.Fetch(0, out ICapability page);
        Result result = PageClient.Of(page).Read(0, MappedPage.SizeInBytes, _record, out _);
        Capabilities.Release(page);
        DomainRecord domain = default;
        result = result == Result.Ok ? ReadDomain(number, out domain) : result;
        OfferRecord record = new(_record);
        return result != Result.Ok || (record.IsThere && domain.Name == record.Domain) ? result : Succession.NoOffer;
    }

    private Result ReadDomain(uint number, out DomainRecord domain)
    {
        domain = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<DomainRecord>(ref domain));
        return Records.Read(number * DomainRecord.SizeInBytes, DomainRecord.SizeInBytes, bytes, out _);
    }

    private Result Begin(IProcess place)
    {
        Result result = SpaceBankClient.At(CapabilityRegisters.Bank).CreateAccount(
            StorageLimit, out _bank, out ISpaceBank account);
        if (result != Result.Ok)
        {
            return result;
        }

        Capabilities.Keep(_bank);
        Capabilities.Keep(account);
        _trialNumber = (_trialNumber + 1) & TrialMask;
        Self.MakeStart(Message.Payload(SuccessionFacet, _trialNumber), out ICapability succession);
        Self.MakeStart(Message.Payload(KeeperFacet, _trialNumber), out ICapability keeper);
        _trial = new Trial(account, Copies, Sleep);
        result = _trial.Begin(new OfferRecord(_record), Offer, place, succession, keeper);
        Capabilities.Release(succession);
        Capabilities.Release(keeper);
        return result;
    }

    // A restart in the middle of this finds it in the middle of this. Before the first change, what is moved is read,
    // and what describes it: where the disk cannot do that, the predecessor goes on.
    private void Move(Trial trial)
    {
        IProcess place = FetchPlace();
        Result result = Describe(out DomainRecord domain);
        result = result == Result.Ok ? trial.Load() : result;
        if (result != Result.Ok)
        {
            Capabilities.Release(place);
            Refuse(result);
            return;
        }

        Records.Write(
            _number * DomainRecord.SizeInBytes, MemoryMarshal.AsBytes(new ReadOnlySpan<DomainRecord>(in domain)));
        trial.MoveInto(place);
        Capabilities.Release(place);
        Offer.Fetch(0, out ICapability page);
        PageClient.Of(page).Zero();
        Capabilities.Release(page);
        ReplaceBank();
        _predecessor.GiveUp();
        _predecessor = default;
        Forget();
    }

    /// <summary>What warden and debugger are to know of the domain's program.</summary>
    private Result Describe(out DomainRecord domain)
    {
        Result result = ReadDomain(_number, out domain);
        domain.Entry = new OfferRecord(_record).Entry;
        domain.StackTop = SpaceLayout.StackTop - sizeof(ulong);
        Offer.Fetch(1, out ICapability part);
        NodeClient.Of(part).Fetch(0, out ICapability first);
        Span<byte> header = MemoryMarshal.AsBytes(new Span<ProgramHeader>(ref domain.Program));
        result = result == Result.Ok
            ? PageClient.Of(first).Read(0, ProgramHeader.SizeInBytes, header, out _)
            : result;
        Capabilities.Release(first);
        Capabilities.Release(part);
        return result;
    }

    // What the domain had been moved into before, it has left.
    private void ReplaceBank()
    {
        _banks ??= new CapabilityStore(Nodes, SpaceBankClient.At(CapabilityRegisters.Bank));
        if (_banks.Get((int)_number, out ICapability last) == Result.Ok && !Capabilities.IsVoid(last))
        {
            SpaceBankClient.Of(last).Destroy();
        }

        Capabilities.Release(last);
        _banks.Put((int)_number, _bank);
    }

    private void Refuse(Result verdict)
    {
        Capabilities.Release(FetchPlace());
        DeferredReply predecessor = _predecessor;
        _predecessor = default;
        End();
        UpgradesServer.ReplyReplace(predecessor, verdict);
    }

    // The process of the predecessor, read from the disk: an answer to one that cannot be read would be lost, and it
    // would wait for ever.
    private IProcess FetchPlace()
    {
        Processes.Fetch(_number, out ICapability thing);
        IProcess place = ProcessClient.Of(thing);
        while (Sleep.PauseIfUnread(Trial.Load(place)))
        {
        }

        return place;
    }

    private void End()
    {
        _bank.Destroy();
        Forget();
    }

    private void Forget()
    {
        _trial?.Forget();
        Capabilities.Release(_bank);
        _bank = SpaceBankClient.Void;
        _estate = [];
        _trial = null;
    }
}
