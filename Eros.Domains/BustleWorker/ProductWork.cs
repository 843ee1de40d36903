using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>A pipe, a directory or a multiplexer is made, does what it is for, and ends with its bank.</summary>
internal sealed class ProductWork(
    ISpaceBank bank,
    ISchedule schedule,
    IConstructor pipes,
    IConstructor directories,
    IConstructor multiplexers) : Bustling
{
    private const ulong Limit = 200;
    private const string Name = "name";

    private readonly ISpaceBank _bank = bank;
    private readonly ISchedule _schedule = schedule;
    private readonly IConstructor[] _constructors = [pipes, directories, multiplexers];
    private ulong _before;

    protected override void Begin()
    {
        for (uint kind = 0; kind < _constructors.Length; kind++)
        {
            Make(kind);
        }

        _before = UsedOf(_bank);
    }

    protected override void Round()
    {
        Make((uint)(Ledger.Rounds % (ulong)_constructors.Length));
        Ledger.Demand(UsedOf(_bank) == _before, Claim.AllIsGivenBack);
    }

    private void Make(uint kind)
    {
        Ledger.Enter(BustleStep.Open);
        Succeed(_bank.CreateChild(Limit, out ISpaceBank child));
        Ledger.Enter(BustleStep.Request);
        Succeed(_constructors[kind].Request(child, _schedule, CapabilityClient.At(0), out ICapability product));
        Ledger.Enter(BustleStep.Use);
        switch (kind)
        {
            case 0:
                Use(PipeClient.Of(product));
                break;
            case 1:
                Use(DirectoryClient.Of(product));
                break;
            default:
                Use(EventMultiplexerClient.Of(product));
                break;
        }

        Ledger.Enter(BustleStep.Destroy);
        Succeed(child.Destroy());
        ReleaseVoid(product, Claim.DestroyedIsVoid);
        ReleaseVoid(child, Claim.DestroyedIsVoid);
    }

    private void Use(IPipe pipe)
    {
        Succeed(pipe.Open(out IPipeReader reader, out IPipeWriter writer));
        ReadOnlySpan<byte> sent = [1, 2, (byte)Ledger.Rounds];
        Succeed(writer.Write(sent));
        Span<byte> bytes = stackalloc byte[sent.Length + 1];
        Succeed(reader.Read(bytes, out int length));
        Ledger.Demand(bytes[..length].SequenceEqual(sent), Claim.BytesAreInOrder);
        Capabilities.Release(reader);
        Capabilities.Release(writer);
    }

    private void Use(IDirectory directory)
    {
        Succeed(directory.Link(Name, _schedule));
        Ledger.Demand(directory.Link(Name, _schedule) == DirectoryResult.Exists, Claim.NamesAreKnown);
        Result result = directory.NameAt(0, out string name);
        Ledger.Demand(result == Result.Ok && name == Name, Claim.NamesAreInOrder);
        Succeed(directory.Unlink(Name));
        Ledger.Demand(directory.Unlink(Name) == DirectoryResult.NotFound, Claim.NamesAreKnown);
    }

    private void Use(IEventMultiplexer multiplexer)
    {
        const uint Kinds = 5;
        Succeed(multiplexer.Source(Kinds, out INotification source));
        Succeed(multiplexer.Recipient(0, out IEventRecipient recipient));
        source.Notify();
        Result result = recipient.Wait(Kinds, out uint come);
        Ledger.Demand(result == Result.Ok && come == Kinds, Claim.EventIsHeard);
        Capabilities.Release(source);
        Capabilities.Release(recipient);
    }
}
