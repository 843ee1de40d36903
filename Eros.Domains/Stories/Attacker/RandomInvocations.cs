// RandomInvocations: any order to anything that it holds, with any words, capabilities and strings; what comes back is
// held, and used in what follows. The seed decides all of it.
//
// Left out is what would only end the attack, and nothing else:
//   - its own memory (the register is the run time's); LastAct has that
//   - the right to answer, which it needs to tell how it went
//   - start capabilities and forwarders of its own making: nobody is behind them, and a call would wait for ever
// And the bank that it was given cannot be destroyed by it.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Attacker;

internal sealed unsafe class RandomInvocations(uint seed)
{
    /// <summary>How many are made.</summary>
    public const int Count = 5000;

    private const int Orders = 16;
    private const int StringBytes = 64;

    // What the run time uses while a message is served lies below; the domain needs no others.
    private const int FirstHeld = 16;

    private static readonly ulong[] _words =
        [0, 1, 2, 31, 12, 17, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1UL << 47, 1UL << 63, ulong.MaxValue];

    private ulong _state = ((ulong)seed << 1) + 1;

    /// <summary>Those that were answered with Ok.</summary>
    public int Obeyed { get; private set; }

    public void Make()
    {
        byte* bytes = stackalloc byte[StringBytes];
        for (int i = 0; i < Count; i++)
        {
            MessageRegisters message = default;
            message.Order = Next(8) == 0 ? _words[Next(_words.Length)] : (ulong)Next(Orders);
            message.Word1 = Word();
            message.Word2 = Word();
            message.Word3 = Word();
            bytes[Next(StringBytes)] = (byte)Next(256);
            message.SendBytes(bytes, Next(StringBytes + 1));
            message.ExpectBytes(bytes, Next(StringBytes + 1));
            uint send = InvocationWord.Registers(Register(), Register(), Register(), 0);
            bool isKept = !MakesWhatNobodyAnswers((uint)message.Order);
            uint receive = InvocationWord.Registers(isKept ? Held() : 0, isKept ? Held() : 0, 0, 0);
            message.Call(Register(), send, receive);
            Obeyed += message.Result == Result.Ok ? 1 : 0;
        }
    }

    private static bool MakesWhatNobodyAnswers(uint order) =>
        order is NodeOrder.MakeForwarder or ProcessOrder.MakeStart or ProcessOrder.MakeOpenStart;

    private ulong Word() => Next(2) == 0 ? _words[Next(_words.Length)] : (ulong)Next(64);

    private int Held() => FirstHeld + Next(CapabilityRegisters.Reply - FirstHeld);

    // Half of the time what it began with.
    private int Register() => Next(4) switch
    {
        0 => CapabilityRegisters.Bank,
        1 => CapabilityRegisters.FirstNamed,
        _ => Held(),
    };

    // xorshift64.
    private int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 16) % (ulong)below);
    }
}
