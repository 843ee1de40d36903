using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Eros.Domains.HeldPort;
using Eros.Domains.Releaser;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>A held port and its releaser, on a machine whose checkpoints the test commits.</summary>
internal sealed class HeldPortFixture : IDisposable
{
    // An order of IReleaser.
    private const uint Reached = 2;

    private readonly HostedSystem _system = new();
    private readonly HostedProcess _port;
    private readonly HostedService _output;
    private readonly List<string> _shown = [];
    private readonly HostedForwarder _releaser = new(new HostedStored(0, 0, default));
    private HostedCapability? _readable;
    private ulong _committed = 1;
    private ulong _working = 2;

    public HeldPortFixture()
    {
        _output = new HostedService(Show);
        _port = _system.AddProcess(
            new HostedService(Self),
            new HostedService(Checkpoint),
            new HostedService(MakeReleaser),
            new HostedService(Sleep));
        _system.Start<HeldPortDomain>(_port);
    }

    /// <summary>How often a checkpoint was asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>How often a commit was waited for.</summary>
    public int Waits { get; private set; }

    /// <summary>How often somebody slept, who found something not to be done yet.</summary>
    public int Sleeps { get; private set; }

    /// <summary>The disk refuses.</summary>
    public bool IsRefusing { get; set; }

    /// <summary>What the output answers.</summary>
    public Result Answer { get; set; } = Result.Ok;

    /// <summary>The output is no more: it does not say what it is, either.</summary>
    public bool IsGone { get; set; }

    /// <summary>The port has left memory, and the disk cannot read it.</summary>
    public bool IsPortAway { get; set; }

    private static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Runs something as a client, with what the port is sent by.</summary>
    public Thread Begin(WriterUse act, bool isOpener = false, bool isPrompt = true)
    {
        HostedProcess client = _system.AddProcess(new HostedStart(_port, isOpener ? 0u : 1), _output);
        Thread thread = new(() =>
        {
            try
            {
                client.Enter(named: 2);
                IWriter writer = WriterClient.At(CapabilityRegisters.FirstNamed);
                if (isOpener)
                {
                    IWriter output = WriterClient.At(CapabilityRegisters.FirstNamed + 1);
                    HeldPortClient.At(CapabilityRegisters.FirstNamed).Open(output, isPrompt, out writer);
                }

                act(writer);
            }
            catch (HostedStop)
            {
                // A test that has failed waits for nobody.
            }
        });
        thread.Start();
        return thread;
    }

    /// <summary>Opens the port, and does something with it; waits until that is done.</summary>
    public void Open(bool isPrompt, WriterUse act) => Begin(act, isOpener: true, isPrompt).Join();

    /// <summary>Another opens it; what it is told.</summary>
    public Result OpenAgain()
    {
        Result result = Result.Ok;
        HostedProcess client = _system.AddProcess(new HostedStart(_port, 0), _output);
        Thread thread = new(() =>
        {
            client.Enter(named: 2);
            IWriter output = WriterClient.At(CapabilityRegisters.FirstNamed + 1);
            result = HeldPortClient.At(CapabilityRegisters.FirstNamed).Open(output, true, out _);
        });
        thread.Start();
        thread.Join();
        return result;
    }

    /// <summary>A snapshot is taken.</summary>
    public void Snapshot() => Change(() => _working++);

    /// <summary>All that a snapshot was taken of is on disk; of what there is now, if there was none.</summary>
    public void Commit() => Change(() =>
    {
        _working = Math.Max(_working, _committed + 2);
        _committed = _working - 1;
    });

    /// <summary>The releaser has left memory, and the disk cannot read it; or it can.</summary>
    public void SetReadable(bool isReadable) => Change(() => _releaser.Node.Slots[0] = isReadable
        ? _readable
        : new HostedService(message => message.Answer(Result.BadObject)));

    /// <summary>The releaser says what is committed, and leaves memory then: the disk cannot read it.</summary>
    public void SetUnreadableOnceAsked() => Change(() => _releaser.Node.Slots[0] = new HostedService(message =>
        message.Answer(message.Order == Reached ? Result.Ok : Result.BadObject, _committed)));

    /// <summary>Changes something that domains may be waiting for.</summary>
    public void Change(Action change)
    {
        lock (_system.Gate)
        {
            change();
            Monitor.PulseAll(_system.Gate);
        }
    }

    /// <summary>Waits until something is so.</summary>
    public void Await(Func<bool> condition)
    {
        lock (_system.Gate)
        {
            while (!condition())
            {
                Assert.That(_system.Failure, Is.Null);
                Assert.That(Monitor.Wait(_system.Gate, Patience), "it does not come");
            }
        }
    }

    /// <summary>What the output was sent.</summary>
    public string[] Shown()
    {
        lock (_system.Gate)
        {
            return [.. _shown];
        }
    }

    public void Dispose() => _system.Dispose();

    private void Show(HostedMessage message)
    {
        bool isQuestion = (uint)message.Order == CommonOrder.TypeOf;
        Result answer = IsGone ? Result.VoidCapability : isQuestion ? Result.Ok : Answer;
        if (answer == Result.Ok && !isQuestion)
        {
            _shown.Add(Encoding.UTF8.GetString(message.Text));
        }

        message.Answer(answer);
        Monitor.PulseAll(_system.Gate);
    }

    private void Self(HostedMessage message)
    {
        uint data = (uint)message.Words[0];
        HostedCapability? made = (uint)message.Order switch
        {
            ProcessOrder.MakeStart => new HostedStart(_port, data),
            ProcessOrder.MakeNotification => new HostedService(told => Notify(told, data)),
            _ => null,
        };
        message.Answer(Result.Ok);
        message.Capabilities[0] = made;
    }

    private void Notify(HostedMessage message, uint bits)
    {
        message.Answer(IsPortAway ? Result.BadObject : Result.Ok);
        if (!IsPortAway)
        {
            _port.Notify(bits);
        }
    }

    private void MakeReleaser(HostedMessage message)
    {
        HostedProcess releaser = _system.AddProcess(new HostedService(Checkpoint), new HostedService(Sleep));
        _system.Start<ReleaserDomain>(releaser);
        message.Answer(Result.Ok);
        _releaser.Node.Slots[0] = _readable = new HostedStart(releaser, 0);
        message.Capabilities[0] = _releaser;
    }

    private void Checkpoint(HostedMessage message)
    {
        ulong generation = message.Words[0];
        switch ((uint)message.Order)
        {
            case CheckpointOrder.Take:
                Asked++;
                message.Answer(IsRefusing ? Result.NotDurable : Result.Ok, _working);
                break;
            case CheckpointOrder.Generation:
                message.Answer(Result.Ok, _committed, _working);
                break;
            default:
                Waits += _committed < generation ? 1 : 0;
                Monitor.PulseAll(_system.Gate);
                WaitWhile(() => !IsRefusing && _committed < generation);
                message.Answer(IsRefusing ? Result.NotDurable : Result.Ok);
                break;
        }

        Monitor.PulseAll(_system.Gate);
    }

    // Until something changes.
    private void Sleep(HostedMessage message)
    {
        Sleeps++;
        Monitor.PulseAll(_system.Gate);
        bool isFirst = true;
        WaitWhile(() => isFirst && !(isFirst = false));
        message.Answer(Result.Ok);
    }

    private void WaitWhile(Func<bool> condition)
    {
        while (condition())
        {
            if (_system.IsStopped)
            {
                throw new HostedStop();
            }

            Monitor.Wait(_system.Gate);
        }
    }
}

/// <summary>Sends something.</summary>
internal delegate void WriterUse(IWriter writer);
