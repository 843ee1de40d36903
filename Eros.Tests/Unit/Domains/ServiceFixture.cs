using System;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;

namespace Eros.Tests.Unit.Domains;

/// <summary>A product of a constructor on the host: it has its own process, and a bank that sells nodes.</summary>
internal sealed class ServiceFixture<TDomain> : IDisposable
    where TDomain : Domain, new()
{
    private readonly HostedProcess _server;
    private int _clients;

    public ServiceFixture()
    {
        _server = System.AddProcess();
        _server.Registers[CapabilityRegisters.FirstNamed] = new HostedService(Self);
        _server.Registers[CapabilityRegisters.Bank] = new HostedService(Bank);
        System.Start<TDomain>(_server);
    }

    public HostedSystem System { get; } = new();

    /// <summary>Nodes that may still be bought.</summary>
    public int NodesLeft { get; set; } = int.MaxValue;

    /// <summary>A process whose first named capability is the service.</summary>
    public HostedProcess NewClient()
    {
        _clients++;
        return System.AddProcess(new HostedStart(_server, 0));
    }

    /// <summary>Runs something as another client on a thread of its own.</summary>
    public Thread Begin(Action act)
    {
        HostedProcess client = NewClient();
        Thread thread = new(() =>
        {
            client.Enter(named: 1);
            act();
        });
        thread.Start();
        return thread;
    }

    public void Dispose()
    {
        System.Dispose();
        _server.Dispose();
    }

    private void Self(HostedMessage message)
    {
        uint data = (uint)message.Words[0];
        HostedCapability? made = (uint)message.Order switch
        {
            ProcessOrder.MakeStart => new HostedStart(_server, data),
            ProcessOrder.MakeNotification => new HostedNotification(_server, data),
            _ => null,
        };
        message.Answer(made is null ? Result.UnknownOrder : Result.Ok);
        message.Capabilities[0] = made;
    }

    private void Bank(HostedMessage message)
    {
        bool isSold = (uint)message.Order == SpaceBankOrder.BuyNode && NodesLeft-- > 0;
        message.Answer(isSold ? Result.Ok : Result.LimitReached);
        message.Capabilities[0] = isSold ? NewNode() : null;
    }

    private static HostedService NewNode()
    {
        var slots = new HostedCapability?[NodeSlot.Count];
        return new HostedService(message =>
        {
            ref HostedCapability? slot = ref slots[message.Words[0] % NodeSlot.Count];
            HostedCapability? old = slot;
            if ((uint)message.Order == NodeOrder.Swap)
            {
                slot = message.Capabilities[0];
            }

            bool isType = (uint)message.Order == CommonOrder.TypeOf;
            message.Answer(Result.Ok, isType ? (ulong)CapabilityType.Node : 0);
            message.Capabilities[0] = isType ? null : old;
        });
    }
}
