// HostedConsole: the terminal of a HostedSystem: grant, sessions that a restart voids, typed input, and what was
// written.

using System;
using System.Text;
using System.Threading;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fakes.Domains;

internal sealed record HostedConsole(HostedSystem System) : HostedObject
{
    private readonly StringBuilder _written = new();
    private string _typed = "";
    private HostedNotification? _listener;
    private HostedNotification? _attentionListener;
    private int _epoch;

    /// <summary>Everything that was written since the last <see cref="Restart"/>.</summary>
    public string Written
    {
        get
        {
            lock (System.Gate)
            {
                return _written.ToString();
            }
        }
    }

    /// <summary>True when nothing that was typed waits to be read. The gate is held.</summary>
    public bool IsAllRead => _typed.Length == 0;

    /// <summary>A new boot: sessions are void, and a new terminal's screen is empty.</summary>
    public void Restart()
    {
        lock (System.Gate)
        {
            _written.Clear();
            _attentionListener = null;
            CloseSessions();
        }
    }

    /// <summary>The attention key: sessions are void, and what was typed is lost.</summary>
    public void PressAttention()
    {
        lock (System.Gate)
        {
            CloseSessions();
            _attentionListener?.Process.Notify(_attentionListener.Mask);
        }
    }

    public void Type(string text)
    {
        lock (System.Gate)
        {
            _typed += text;
            _listener?.Process.Notify(_listener.Mask);
        }
    }

    /// <summary>
    /// Waits until something that ends so was written since <paramref name="from"/>; what was written until then.
    /// </summary>
    public string WaitFor(string ending, int from = 0)
    {
        DateTime limit = DateTime.UtcNow.AddSeconds(20);
        lock (System.Gate)
        {
            while (_written.Length < from
                || !_written.ToString(from, _written.Length - from).EndsWith(ending, StringComparison.Ordinal))
            {
                if (System.Failure is not null)
                {
                    throw new InvalidOperationException("a domain died", System.Failure);
                }

                if (DateTime.UtcNow > limit)
                {
                    throw new TimeoutException($"'{ending}' was not written, but '{_written}'");
                }

                Monitor.Wait(System.Gate, 100);
            }

            return _written.ToString(from, _written.Length - from);
        }
    }

    public override void Obey(HostedMessage message)
    {
        HostedNotification? listener = message.Capabilities[0] as HostedNotification;
        uint order = (uint)message.Order;
        message.Answer(order <= ConsoleGrantOrder.ListenAttention ? Result.Ok : Result.UnknownOrder);
        switch (order)
        {
            case ConsoleGrantOrder.OpenSession:
                message.Capabilities[0] = NewSession();
                break;
            case ConsoleGrantOrder.CloseSessions:
                CloseSessions();
                break;
            case ConsoleGrantOrder.ListenAttention:
                _attentionListener = listener;
                break;
        }
    }

    /// <summary>A capability for the sessions that are open. The gate is held.</summary>
    public HostedCapability NewSession() => new Session(this, _epoch);

    /// <summary>Sessions are void, and what was typed is lost. The gate is held.</summary>
    public void CloseSessions()
    {
        _epoch++;
        _typed = "";
        _listener = null;
    }

    private sealed record Session(HostedConsole Console, int Epoch) : HostedObject
    {
        public override void Obey(HostedMessage message)
        {
            if (Epoch != Console._epoch)
            {
                message.Answer(Result.VoidCapability);
                return;
            }

            switch ((uint)message.Order)
            {
                case ConsoleSessionOrder.Write:
                    Console._written.Append(Encoding.UTF8.GetString(message.Text));
                    message.Answer(Result.Ok);
                    Monitor.PulseAll(Console.System.Gate);
                    break;
                case ConsoleSessionOrder.Read:
                    message.Answer(Result.Ok);
                    int count = Math.Min(Console._typed.Length, message.Room);
                    message.Text = Encoding.UTF8.GetBytes(Console._typed[..count]);
                    Console._typed = Console._typed[count..];
                    break;
                default:
                    Console._listener = (HostedNotification?)message.Capabilities[0];
                    message.Answer(Result.Ok);
                    if (Console._typed.Length > 0)
                    {
                        Console._listener?.Process.Notify(Console._listener.Mask);
                    }

                    break;
            }
        }
    }
}
