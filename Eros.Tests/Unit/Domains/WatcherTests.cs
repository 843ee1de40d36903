using System.Threading;
using Eros.Domains.Watcher;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The watcher, under a clock that the test restarts the machine of.</summary>
internal sealed class WatcherTests
{
    private HostedSystem _system = null!;
    private ulong _boot;
    private int _told;

    [SetUp]
    public void Boot()
    {
        _system = new HostedSystem();
        _boot = 1;
        _told = 0;
    }

    [TearDown]
    public void Stop()
    {
        Restart(bootEpoch: 0);
        _system.Dispose();
    }

    [Test]
    public void Each_restart_is_told_of()
    {
        StartWatcher();
        Restart(2);
        WaitForTold(1);
        Restart(3);
        WaitForTold(2);
    }

    [Test]
    public void A_restart_from_before_the_watcher_began_is_told_of()
    {
        Restart(2);
        StartWatcher();
        WaitForTold(1);
    }

    [Test]
    public void A_restart_between_two_waits_is_told_of()
    {
        StartWatcher(whenTold: () => _boot = _told == 1 ? 3u : _boot);
        Restart(2);
        WaitForTold(2);
    }

    private void StartWatcher(System.Action? whenTold = null)
    {
        HostedService sleep = new(message =>
        {
            while (message.Order == SleepOrder.UntilRestart && message.Words[0] == _boot)
            {
                Monitor.Wait(_system.Gate);
            }

            bool isNow = message.Order == SleepOrder.Now;
            message.Answer(isNow ? Result.Ok : _boot == 0 ? Result.VoidCapability : Result.Restarted, 0, _boot);
        });
        HostedService observer = new(message =>
        {
            _told++;
            whenTold?.Invoke();
            message.Answer(Result.Ok);
            Monitor.PulseAll(_system.Gate);
        });
        _system.Start<WatcherDomain>(_system.AddProcess(sleep, observer));
    }

    private void Restart(ulong bootEpoch)
    {
        lock (_system.Gate)
        {
            _boot = bootEpoch;
            Monitor.PulseAll(_system.Gate);
        }
    }

    private void WaitForTold(int times)
    {
        lock (_system.Gate)
        {
            while (_told < times)
            {
                Assert.That(Monitor.Wait(_system.Gate, 20_000), $"the observer was told {_told} times");
            }

            Assert.That(_told, Is.EqualTo(times));
        }
    }
}
