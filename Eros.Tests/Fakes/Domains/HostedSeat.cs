// HostedSeat: a desk's place at the terminal of a HostedSystem, without a login agent: it has a session to give until a
// test takes the place away.

using System.Threading;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fakes.Domains;

internal sealed record HostedSeat(HostedConsole Console) : HostedObject
{
    private const uint Listen = 1;
    private const uint Open = 2;

    private HostedNotification? _listener;
    private bool _isTaken;
    private bool _isAnew;

    /// <summary>The desk's user is not logged in any more.</summary>
    public void Leave()
    {
        lock (Console.System.Gate)
        {
            Console.CloseSessions();
            _isTaken = true;
        }
    }

    /// <summary>There is a session to be taken.</summary>
    /// <param name="isAnew">Of somebody who has just come to the terminal.</param>
    public void Return(bool isAnew)
    {
        lock (Console.System.Gate)
        {
            _isTaken = false;
            _isAnew = isAnew;
            Tell();
        }
    }

    public override void Obey(HostedMessage message)
    {
        uint order = (uint)message.Order;
        var listener = message.Capabilities[0] as HostedNotification;
        bool isRefused = order == Open && _isTaken;
        message.Answer(isRefused ? Result.VoidCapability : Result.Ok, _isAnew ? 1u : 0);
        if (order == Listen)
        {
            _listener = listener;
            Tell();
        }
        else if (!isRefused)
        {
            message.Capabilities[0] = Console.NewSession();
        }
    }

    private void Tell()
    {
        if (!_isTaken)
        {
            _listener?.Process.Notify(_listener.Mask);
            Monitor.PulseAll(Console.System.Gate);
        }
    }
}
