// HostileInvocations: the system call with arguments that make no sense. Every capability register, kinds and
// reserved bits that do not exist, lengths beyond all bounds; orders and words that are all ones. None may do more
// than return a result.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Hostile;

internal static unsafe class HostileInvocations
{
    private const int BadKinds = 5;
    private const int LastOwnRegister = CapabilityRegisters.FirstNamed;
    private const int StringBytes = 64;

    private static readonly ulong[] _words =
        [0, 1, 31, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1UL << 63, ulong.MaxValue];

    private static readonly ulong[] _lengths =
        [65537, 0x8000_0000, 0xFFFF_FFFF, 65537UL << 32, 0xFFFF_FFFFUL << 32, ulong.MaxValue];

    /// <summary>Tries them all; a program cannot tell more than how many came back.</summary>
    public static Result Run(out string output)
    {
        int made = 0;
        made += MalformedWords();
        made += Lengths();
        made += OrdersAndWords();
        Instructions.InvokeWithoutStack();
        output = $"{made + 1} hostile invocations, all came back\n";
        return Result.Ok;
    }

    /// <summary>Calls with a string at an address that is not this domain's.</summary>
    public static void Send(ulong address)
    {
        MessageRegisters message = default;
        message.Order = CommonOrder.TypeOf;
        message.SendBytes((byte*)address, StringBytes);
        message.Call(CapabilityRegisters.FirstNamed, 0, 0);
    }

    /// <summary>Calls for an answer at an address that is not this domain's.</summary>
    public static void Receive(ulong address)
    {
        MessageRegisters message = default;
        message.Order = PageOrder.Read;
        message.ExpectBytes((byte*)address, StringBytes);
        message.Call(CapabilityRegisters.FirstNamed, 0, 0);
    }

    private static int MalformedWords()
    {
        int made = 0;
        for (int bit = 3; bit < 64; bit++)
        {
            bool isReserved = bit is (>= 3 and < 8) or (>= 13 and < 16) or >= 56;
            if (isReserved)
            {
                Invoke((1UL << bit) | (byte)InvocationKind.Call, 0, 0, 0);
                made++;
            }
        }

        for (uint kind = BadKinds; kind < 256; kind++)
        {
            Invoke(kind, 0, 0, 0);
            made++;
        }

        return made;
    }

    private static int Lengths()
    {
        foreach (ulong length in _lengths)
        {
            Invoke(new InvocationWord(InvocationKind.Call, 0, 0, 0).Value, CommonOrder.TypeOf, 0, length);
        }

        return _lengths.Length;
    }

    // Every register that holds something, every order and word. Registers that hold nothing answer too.
    private static int OrdersAndWords()
    {
        int made = 0;
        for (int register = 0; register < CapabilityRegisters.Count; register++)
        {
            if (register is > LastOwnRegister or CapabilityRegisters.Space or CapabilityRegisters.GrowingLeaf
                or CapabilityRegisters.GrowingRegion)
            {
                continue;
            }

            foreach (ulong order in _words)
            {
                foreach (ulong word in _words)
                {
                    uint all = InvocationWord.Registers(register, 31, 30, 29);
                    Invoke(new InvocationWord(InvocationKind.Call, register, all, 0).Value, order, word, 0);
                    made++;
                }
            }
        }

        return made;
    }

    private static void Invoke(ulong control, ulong order, ulong word, ulong lengths)
    {
        MessageRegisters message = default;
        message.Control = control;
        message.Order = order;
        message.Word1 = word;
        message.Word2 = word;
        message.Word3 = word;
        message.SendAddress = SpaceLayout.Program;
        message.Lengths = lengths;
        message.ReceiveAddress = SpaceLayout.Program;
        message.Invoke();
    }
}
