using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Domains.Upgrader;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>An upgrader with an offer of one page, and the two processes that it moves a program from and to.</summary>
internal sealed class UpgraderFixture : IDisposable
{
    private const uint Number = 3;
    private const string Name = "shell";

    private readonly HostedSystem _system = new();
    private readonly HostedProcess _upgrader;
    private readonly HostedService _thing;
    private readonly byte[] _record = new byte[MappedPage.SizeInBytes];
    private readonly List<Thread> _threads = [];
    private HostedCapability? _succession;

    public UpgraderFixture()
    {
        OfferRecord record = new(_record);
        record.Begin(Name, "a program", SpaceLayout.Program, count: 1);
        record.Put(0, SpaceLayout.Program, default);
        _thing = new HostedService(ObeyAll);
        _upgrader = _system.AddProcess(
            new HostedService(Offer),
            new HostedService(Self),
            _thing,
            new HostedService(message => Give(message, new HostedService(Place.Obey))),
            new HostedService(Records),
            _thing,
            _thing);
        _upgrader.Registers[CapabilityRegisters.Bank] = new HostedService(Bank);
        _system.Start<UpgraderDomain>(_upgrader);
    }

    /// <summary>The process of the program on trial.</summary>
    public PlayedProcess Trial { get; } = new();

    /// <summary>The process whose place it is to take.</summary>
    public PlayedProcess Place { get; } = new();

    /// <summary>What its predecessor is answered; null as long as it is not.</summary>
    public Result? Answer { get; private set; }

    /// <summary>The offer was taken up.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>The predecessor asks for its successor; returns when that is on trial.</summary>
    public void Ask()
    {
        Begin(new HostedStart(_upgrader, Message.Payload(0, Number)), upgrader =>
        {
            Result answer = UpgradesClient.At(upgrader).Replace([1, 0, 0, 0]);
            Change(() => Answer = answer);
        });
        Await(() => Answer != null || Trial.Done.Contains(ProcessOrder.Run));
        Assert.That(Answer, Is.Null);
    }

    /// <summary>The program on trial agrees.</summary>
    public void Agree() => Begin(_succession!, upgrader => SuccessionClient.At(upgrader).Settle(Result.Ok));

    /// <summary>Waits until something is so.</summary>
    public void Await(Func<bool> condition)
    {
        lock (_system.Gate)
        {
            while (!condition())
            {
                Assert.That(_system.Failure, Is.Null);
                Assert.That(Monitor.Wait(_system.Gate, TimeSpan.FromSeconds(30)), "it does not come");
            }
        }
    }

    public void Dispose()
    {
        _system.Dispose();
        _threads.ForEach(thread => thread.Join());
    }

    private void Begin(HostedCapability upgrader, Action<int> act)
    {
        HostedProcess client = _system.AddProcess(upgrader);
        Thread thread = new(() =>
        {
            try
            {
                client.Enter(named: 1);
                act(CapabilityRegisters.FirstNamed);
            }
            catch (HostedStop)
            {
                // Whose place is taken is not answered.
            }
        });
        _threads.Add(thread);
        thread.Start();
    }

    private void Change(Action change)
    {
        lock (_system.Gate)
        {
            change();
            Monitor.PulseAll(_system.Gate);
        }
    }

    // Banks, nodes, pages and spaces: they have all that is asked for, and end at once.
    private void ObeyAll(HostedMessage message) => Give(message, _thing);

    private void Give(HostedMessage message, HostedCapability thing)
    {
        message.Answer(Result.Ok, 1);
        message.Capabilities[0] = thing;
        message.Capabilities[1] = _thing;
        Monitor.PulseAll(_system.Gate);
    }

    private void Bank(HostedMessage message) => Give(message, new HostedService((uint)message.Order switch
    {
        SpaceBankOrder.BuyProcess => BeTrial,
        SpaceBankOrder.CreateChild or SpaceBankOrder.Preclude => Bank,
        _ => ObeyAll,
    }));

    private void BeTrial(HostedMessage message)
    {
        bool isSuccession = message.Order == ProcessOrder.SwapRegister
            && message.Words[0] == CapabilityRegisters.Reply;
        _succession = isSuccession ? message.Capabilities[0] : _succession;
        Trial.Obey(message);
        Monitor.PulseAll(_system.Gate);
    }

    private void Offer(HostedMessage message) =>
        Give(message, message.Words[0] == 0 ? new HostedService(RecordPage) : _thing);

    private void RecordPage(HostedMessage message)
    {
        IsTaken |= message.Order == PageOrder.Zero;
        message.Answer(Result.Ok);
        message.Text = _record;
        Monitor.PulseAll(_system.Gate);
    }

    private void Records(HostedMessage message)
    {
        DomainRecord domain = new() { Name = Name };
        message.Answer(Result.Ok);
        message.Text = MemoryMarshal.AsBytes([domain]).ToArray();
    }

    private void Self(HostedMessage message)
    {
        uint payload = (uint)message.Words[0];
        Give(message, new HostedStart(_upgrader, payload));
    }
}

/// <summary>A process as the holder of its capability sees it, on a disk that cannot be read now and then.</summary>
internal sealed class PlayedProcess
{
    private readonly HostedService _thing = new(message => message.Answer(Result.Ok));
    private int _failures;

    /// <summary>The orders that were obeyed.</summary>
    public List<ulong> Done { get; } = [];

    /// <summary>The order that cannot be obeyed, counted from now on, twice.</summary>
    public int? FailsAt { get; set; }

    public void Obey(HostedMessage message)
    {
        if (FailsAt <= 0 && _failures++ < 2)
        {
            message.Answer(Result.BadObject);
            return;
        }

        FailsAt--;
        ulong order = message.Order;
        Done.Add(order);
        message.Answer(Result.Ok);
        message.Capabilities[0] = order is ProcessOrder.FetchRegister or ProcessOrder.FetchSlot ? _thing : null;
        message.Text = order == ProcessOrder.ReadRegisters
            ? MemoryMarshal.AsBytes([default(ProcessRegisters)]).ToArray()
            : [];
    }
}
