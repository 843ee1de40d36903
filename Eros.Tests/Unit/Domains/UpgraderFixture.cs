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
        HostedStart upgrades = new(_upgrader, Message.Payload(0, Number));
        HostedProcess predecessor = Begin(upgrades, upgrader =>
        {
            Result answer = UpgradesClient.At(upgrader).Replace([1, 0, 0, 0]);
            Change(() => Answer = answer);
        });
        predecessor.IsUnreadable = Place.Fails;
        Await(() => Answer != null || Trial.Done.Contains(new(ProcessOrder.Run)));
        Assert.That(Answer, Is.Null);
    }

    /// <summary>The program on trial agrees, or refuses.</summary>
    public void Settle(Result verdict) =>
        Begin(_succession!, upgrader => SuccessionClient.At(upgrader).Settle(verdict));

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

    private HostedProcess Begin(HostedCapability upgrader, Action<int> act)
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
        return client;
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
    private const int Failures = 2;

    private int _failures;

    /// <summary>What it gives when its registers are read: no two bytes in a row are the same.</summary>
    public static ProcessRegisters Registers { get; } = MakeRegisters();

    /// <summary>What was obeyed.</summary>
    public List<Obeyed> Done { get; } = [];

    /// <summary>The order that cannot be obeyed, counted from now on, twice.</summary>
    public int? FailsAt { get; set; }

    /// <summary>It was not obeyed as often as it was to be.</summary>
    public bool HasFailed => _failures >= Failures;

    /// <summary>Whether the disk fails to read it now; counts.</summary>
    public bool Fails() => FailsAt <= 0 && _failures++ < Failures;

    public void Obey(HostedMessage message)
    {
        if (Fails())
        {
            message.Answer(Result.BadObject);
            return;
        }

        FailsAt--;
        ulong order = message.Order;
        ulong number = message.Words[0];
        Done.Add(new(order, number, message.Capabilities[0]?.ToString(), Convert.ToHexString(message.Text)));
        message.Answer(Result.Ok);
        message.Capabilities[0] = order switch
        {
            ProcessOrder.FetchRegister => new NamedObject(RegisterName(number)),
            ProcessOrder.FetchSlot => new NamedObject(SlotName(number)),
            _ => null,
        };
        message.Text = order == ProcessOrder.ReadRegisters
            ? MemoryMarshal.AsBytes([Registers]).ToArray()
            : [];
    }

    public static string RegisterName(ulong number) => $"of register {number}";

    public static string SlotName(ulong number) => $"of slot {number}";

    private static ProcessRegisters MakeRegisters()
    {
        ProcessRegisters registers = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ProcessRegisters>(ref registers));
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i + 1);
        }

        return registers;
    }
}

/// <summary>An order that a process obeyed.</summary>
/// <param name="Order">Which.</param>
/// <param name="Number">Its first word: of what register or slot, mostly.</param>
/// <param name="Capability">What was given with it.</param>
/// <param name="Text">Its string, in hexadecimal digits.</param>
internal readonly record struct Obeyed(ulong Order, ulong Number = 0, string? Capability = null, string Text = "");

/// <summary>What can be told from others by its name.</summary>
internal sealed record NamedObject(string Name) : HostedObject
{
    public override void Obey(HostedMessage message) => message.Answer(Result.Ok);

    public override string ToString() => Name;
}
