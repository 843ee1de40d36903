// InvocationWord: rax at the system call.
//
//  63    56 55      36 35      16 15      8 7      0
//  +-------+----------+----------+---------+--------+
//  |   0   | receive  |   send   | invoked |  kind  |
//  +-------+----------+----------+---------+--------+
//
// invoked: the capability register (0..31) that is invoked.
// send: four fields of 5 bits: the registers whose capabilities are sent as arguments 0..3 (0: void).
// receive: four fields of 5 bits: the registers that arguments 0..3 of the next message go to (0: dropped).
//
// The other registers of an invocation (system call number: none; rcx and r11 are the hardware's)
//   in   rdi order or result | rsi, rdx, r8 words 1..3 | r9 address of the string to send
//        r10 low 32: bytes to send (0..65536); high 32: bytes that fit at r12 | r12 address for the received string
//   out  rdi order or result | rsi, rdx, r8 words 1..3
//        rax low 32: payload of the start capability that was invoked (0 for a reply); bit 32: Notification; bit 33:
//            Truncated
//        r10 low 32: bytes that the sender sent; high 32: bytes stored at r12
// Who receives finds rcx and r11 destroyed; all other registers, and the vector state, keep their values. A process's
// receive fields, r10 high and r12 stay as they were at its invocation while it waits: they say how the message is to
// be delivered. What it had in rdi, rsi, rdx and r8 is of no account then, and need not be in its frame.
//
// Kind Call: waits for the reply; the receiver's argument 3 is the resume capability (what the sender named for
// argument 3 is not sent).
// Kind Return: sends, then becomes Available. With a void invoked register it only becomes Available. It is prompt: a
// message that cannot be taken at once (its receiver is busy, a gate is closed) is dropped, so that no client can hold
// up the server that answers it.
// Kind Send: sends and goes on at once, with its registers as they were; an Available receiver starts to run. Waits for
// a busy one.
// Kind Delegate: as Return, but waits for a receiver that is busy: for passing a request on to a service of one's own
// choice.
// Kind Reply: as Send, but prompt as Return is: for an answer that was put off, to a capability that the client chose.
//
// A kernel object answers a Call to its caller. It answers the other kinds to the process whose resume capability is
// argument 3, just as a service would; without one the answer is dropped. A string longer than 65536 bytes, or a word
// that is not well formed, gives BadArgument to the invoker whatever the kind.

namespace Eros.Kernel.Protocol;

/// <summary>What becomes of the invoker.</summary>
public enum InvocationKind : byte
{
    Call = 0,
    Return = 1,
    Send = 2,
    Delegate = 3,
    Reply = 4,
}

/// <summary>The control word of an invocation.</summary>
public readonly struct InvocationWord
{
    /// <summary>Bytes of the SYSCALL instruction: a process that repeats its invocation has its rip set back by
    /// them.</summary>
    public const int InstructionBytes = 2;

    /// <summary>Longest string of a message, bytes.</summary>
    public const int MaxString = 65536;

    /// <summary>Capabilities in a message.</summary>
    public const int MaxCapabilities = 4;

    /// <summary>Set in rax on receipt of notifications: word 1 (rsi) holds the bits, order is <see
    /// cref="NotificationOrder"/>.</summary>
    public const ulong ReceivedNotification = 1UL << 32;

    /// <summary>Set in rax on receipt when less of the string was stored than was sent.</summary>
    public const ulong ReceivedTruncated = 1UL << 33;

    /// <summary>The order with which notifications arrive.</summary>
    public const uint NotificationOrder = 0xFFFF_FFFF;

    /// <summary>
    /// The order with which a fault arrives at a keeper; argument 3 is the fault-resume capability. To the process's
    /// own keeper: word 1 code, word 2 address, word 3 info. To a space's keeper: word 1 code, word 2 the offset in
    /// what the node spans that holds the keeper, word 3 the access and, from <see cref="FaultRightsShift"/> on, the
    /// rights taken away on the way to that node; argument 0 is the node with all rights.
    /// </summary>
    public const uint FaultOrder = 0xFFFF_FFFE;

    /// <summary>Where the rights of the way begin in a space keeper's word 3; what was wanted is below.</summary>
    public const int FaultRightsShift = 8;

    private const int InvokedShift = 8;
    private const int SendShift = 16;
    private const int ReceiveShift = 36;
    private const int RegisterBits = 5;
    private const int RegisterMask = 31;

    public readonly ulong Value;

    public InvocationWord(ulong value) => Value = value;

    public InvocationWord(InvocationKind kind, int invoked, uint send, uint receive) =>
        Value = (byte)kind | ((ulong)invoked << InvokedShift) | ((ulong)send << SendShift)
            | ((ulong)receive << ReceiveShift);

    public InvocationKind Kind => (InvocationKind)(byte)Value;

    public int Invoked => (int)(Value >> InvokedShift) & RegisterMask;

    /// <summary>True when every reserved bit is zero and the kind exists.</summary>
    public bool IsWellFormed =>
        (Value >> 56) == 0 && ((Value >> InvokedShift) & 0xE0) == 0 && (byte)Value <= (byte)InvocationKind.Reply;

    public int SendRegister(int argument) => (int)(Value >> (SendShift + argument * RegisterBits)) & RegisterMask;

    public int ReceiveRegister(int argument) => (int)(Value >> (ReceiveShift + argument * RegisterBits)) & RegisterMask;

    /// <summary>Packs four register numbers into a send or receive field.</summary>
    public static uint Registers(int a0, int a1 = 0, int a2 = 0, int a3 = 0) =>
        (uint)(a0 | (a1 << RegisterBits) | (a2 << (2 * RegisterBits)) | (a3 << (3 * RegisterBits)));
}
