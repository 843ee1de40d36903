// LoginFixture: the login agent on a hosted kernel, with a terminal, a clock that the test moves, keys that are quick
// to make, and desks that the test plays.

using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Eros.Domains.Login;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;

namespace Eros.Tests.Unit.Domains;

internal sealed class LoginFixture : IDisposable
{
    public const int Seat = 0;
    public const int Account = 1;
    private const int Observer = 2;
    private const int Alarm = 3;
    private const uint MakeKey = 1;
    private const uint Request = 4;

    private readonly HostedProcess _login;
    private readonly HostedStored _parts = new(10, 0, RangeKind.PlainNode);
    private ulong _time = 1000;

    public LoginFixture()
    {
        Console = new HostedConsole(System);
        HostedStored leaf = new(12, 0, RangeKind.PlainNode);
        HostedStored branch = new(13, 0, RangeKind.PlainNode);
        HostedStored root = new(14, 0, RangeKind.PlainNode);
        (root.Slots[0], branch.Slots[0]) = (branch, leaf);
        _parts.Slots[DeskParts.Agents] = new HostedService(MakeAgent);
        _parts.Slots[DeskParts.Shells] = new HostedService(MakeShell);
        _parts.Slots[DeskParts.Template] = new HostedStored(15, 0, RangeKind.PlainNode);
        _login = System.AddProcess(
            Console,
            new HostedService(MakeOfLogin),
            new HostedService(SellBank),
            new HostedService(Tell),
            new HostedService(Derive),
            root,
            _parts);
        System.Start<LoginDomain>(_login);
        Owner = new TestDesk(this, 0);
        Observe(() => System.AddProcess(new HostedStart(_login, Message.Payload(Alarm, 0))), named: 1);
    }

    public HostedSystem System { get; } = new();

    public HostedConsole Console { get; }

    public TestDesk Owner { get; }

    /// <summary>The boot that the clock tells of.</summary>
    public ulong Boot { get; set; } = 1;

    /// <summary>Keys that were made.</summary>
    public int Keys { get; private set; }

    /// <summary>Runs while a key is made.</summary>
    public Action? OnKey { get; set; }

    public bool IsBankEmpty { get; set; }

    /// <summary>Banks that were destroyed.</summary>
    public int Destroyed { get; private set; }

    /// <summary>Seats that agents were made with.</summary>
    public List<HostedStart> Seats { get; } = [];

    /// <summary>Nodes that shells were made with.</summary>
    public List<HostedStored> Desks { get; } = [];

    /// <summary>Until when the alarm shall sleep; 0: it has no answer yet.</summary>
    public ulong AlarmTime { get; private set; }

    /// <summary>The login agent as the desk of a number has it.</summary>
    public HostedStart Facet(int facet, uint number) => new(_login, Message.Payload(facet, number));

    /// <summary>Lets time pass, and the alarm tell of it when it was to.</summary>
    public void Pass(ulong ns)
    {
        bool isDue;
        lock (System.Gate)
        {
            _time += ns;
            isDue = AlarmTime != 0 && _time >= AlarmTime;
        }

        if (isDue)
        {
            AskForAlarm();
        }
    }

    /// <summary>The alarm asks.</summary>
    public void AskForAlarm()
    {
        AlarmTime = 0;
        Observe(() => System.AddProcess(new HostedStart(_login, Message.Payload(Alarm, 0))), named: 1);
    }

    /// <summary>Waits until the alarm is set, and says for how long.</summary>
    public ulong WaitForAlarm()
    {
        lock (System.Gate)
        {
            DateTime limit = DateTime.UtcNow.AddSeconds(20);
            while (AlarmTime == 0)
            {
                if (DateTime.UtcNow > limit || System.Failure is not null)
                {
                    throw new TimeoutException("no alarm was set", System.Failure);
                }

                Monitor.Wait(System.Gate, 100);
            }

            return AlarmTime - _time;
        }
    }

    /// <summary>A power cut, and a new boot.</summary>
    public void Restart()
    {
        Boot++;
        Console.Restart();
        On(Observer, () => RestartObserverClient.At(CapabilityRegisters.FirstNamed).Restarted());
    }

    /// <summary>Types, and waits for what comes then.</summary>
    public string Enter(string text, string ending)
    {
        int from = Console.Written.Length;
        Console.Type(text);
        return Console.WaitFor(ending, from);
    }

    /// <summary>Has the owner set a password, where none was.</summary>
    public void SetPassword(string password)
    {
        Task<Result> asked = Owner.Begin(account => account.ChangePassword());
        Console.WaitFor("new password of owner: ");
        Enter(password + "\r", "the same again: ");
        Console.Type(password + "\r");
        Demand(asked, Result.Ok);
    }

    /// <summary>What a session answers.</summary>
    public Result WriteTo(HostedCapability? session)
    {
        System.AddProcess(session).Enter(named: 1);
        return ConsoleSessionClient.At(CapabilityRegisters.FirstNamed).Write("x");
    }

    public void Dispose()
    {
        System.Dispose();
        _login.Dispose();
    }

    public static void Demand(Task<Result> asked, Result expected)
    {
        if (!asked.Wait(20_000) || asked.Result != expected)
        {
            throw new InvalidOperationException($"{asked.Status} {(asked.IsCompleted ? asked.Result : 0)}");
        }
    }

    /// <summary>Does something as the holder of a facet.</summary>
    private void On(int facet, Action act) => Run(System.AddProcess(Facet(facet, 0)), () =>
    {
        act();
        return Result.Ok;
    }).Wait();

    private static Task<Result> Run(HostedProcess process, Func<Result> act)
    {
        TaskCompletionSource<Result> done = new();
        Thread thread = new(() =>
        {
            process.Enter(named: 2);
            try
            {
                done.SetResult(act());
            }
            catch (Exception problem)
            {
                done.SetException(problem);
            }
        })
        { IsBackground = true };
        thread.Start();
        return done.Task;
    }

    private void Observe(Func<HostedProcess> make, int named)
    {
        HostedProcess process = make();
        Thread thread = new(() =>
        {
            process.Enter(named);
            try
            {
                AlarmedClient.At(CapabilityRegisters.FirstNamed).NextAlarm(out ulong time);
                lock (System.Gate)
                {
                    AlarmTime = time;
                    Monitor.PulseAll(System.Gate);
                }
            }
            catch (HostedStop)
            {
            }
        })
        { IsBackground = true };
        thread.Start();
    }

    private void Tell(HostedMessage message) => message.Answer(Result.Ok, _time, Boot);

    private void Derive(HostedMessage message)
    {
        if (message.Order != MakeKey)
        {
            message.Answer(Result.UnknownOrder);
            return;
        }

        Keys++;
        OnKey?.Invoke();
        ulong key = message.Words[0] * 31 + message.Words[1];
        foreach (byte value in message.Text)
        {
            key = key * 0x100_0000_01B3 ^ value;
        }

        message.Answer(Result.Ok, key, ~key, key * 7);
    }

    private void MakeOfLogin(HostedMessage message)
    {
        uint data = (uint)message.Words[0];
        bool isStart = (uint)message.Order == ProcessOrder.MakeStart;
        message.Answer(Result.Ok);
        message.Capabilities[0] = isStart ? new HostedStart(_login, data) : new HostedNotification(_login, data);
    }

    private void SellBank(HostedMessage message)
    {
        uint order = (uint)message.Order;
        bool isEmpty = order is SpaceBankOrder.CreateChild && IsBankEmpty;
        Destroyed += order == SpaceBankOrder.DestroyStep ? 1 : 0;
        message.Answer(isEmpty ? Result.LimitReached : Result.Ok, 1);
        message.Capabilities[0] = order switch
        {
            SpaceBankOrder.CreateChild or SpaceBankOrder.Preclude => new HostedService(SellBank),
            SpaceBankOrder.BuyNode => new HostedStored(20, Desks.Count, RangeKind.PlainNode),
            _ => null,
        };
    }

    private void MakeAgent(HostedMessage message)
    {
        Seats.Add((HostedStart)message.Capabilities[2]!);
        message.Answer(message.Order == Request ? Result.Ok : Result.UnknownOrder);
        message.Capabilities[0] = new HostedService(_ => { });
    }

    private void MakeShell(HostedMessage message)
    {
        Desks.Add((HostedStored)message.Capabilities[2]!);
        message.Answer(Result.Ok);
        message.Capabilities[0] = new HostedService(_ => { });
    }

    /// <summary>A desk that the test plays: its agent's seat and its shell's account.</summary>
    public sealed class TestDesk(LoginFixture fixture, uint number)
    {
        private readonly LoginFixture _fixture = fixture;
        private readonly HostedProcess _process = fixture.System.AddProcess(
            fixture.Facet(Seat, number), fixture.Facet(Account, number));

        /// <summary>Asks the login agent for something that may take its time.</summary>
        public Task<Result> Begin(Func<IAccount, Result> ask) => Run(
            _fixture.System.AddProcess(null, _fixture.Facet(Account, number)),
            () => ask(AccountClient.At(CapabilityRegisters.FirstNamed + 1)));

        /// <summary>The same, and waits for the answer.</summary>
        public Result Ask(Func<IAccount, Result> ask)
        {
            _process.Enter(named: 2);
            return ask(AccountClient.At(CapabilityRegisters.FirstNamed + 1));
        }

        /// <summary>Whether there is a session for the desk.</summary>
        public Result Open(out IConsoleSession session)
        {
            _process.Enter(named: 2);
            return SeatClient.At(CapabilityRegisters.FirstNamed).Open(out session, out _);
        }

        /// <summary>The session that there is for the desk.</summary>
        public HostedCapability? Take()
        {
            Open(out IConsoleSession session);
            return _process.Registers[CapabilityClient.RegisterOf(session)];
        }

        /// <summary>Whether the desk is at the terminal, with a session that is good.</summary>
        public bool IsSeated => Open(out IConsoleSession session) == Result.Ok && session.Write("") == Result.Ok;

        /// <summary>Has another capability told of sessions.</summary>
        public Result Listen(HostedCapability listener)
        {
            HostedProcess process = _fixture.System.AddProcess(_fixture.Facet(Seat, number), listener);
            process.Enter(named: 2);
            return SeatClient.At(CapabilityRegisters.FirstNamed).Listen(
                NotificationClient.At(CapabilityRegisters.FirstNamed + 1));
        }

        /// <summary>What was typed and not read.</summary>
        public string Read()
        {
            Open(out IConsoleSession session);
            byte[] bytes = new byte[100];
            session.Read(bytes, out int length);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }
    }
}
