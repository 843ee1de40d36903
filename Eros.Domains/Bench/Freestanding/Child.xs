// What processes made by the bench do. No stack, no string.

namespace Bench

const ReturnTo31 = 0x1F01
const ReturnAndReplyTo31 = 0x00F8000000001F01

// Answers its first message, whose resume capability is in register 31.
naked function Answer {
    RAX = #ReturnTo31
    RDI = 0
    R10 = 0
    syscall
}

// Answers each message with the time-stamp counter before and after an instruction that only a keeper gets it past.
naked function Fault {
    rdtsc
    RDX << 32
    RAX | RDX
    RSI = RAX
    ud2
    rdtsc
    RDX << 32
    RDX | RAX
    RAX = #ReturnAndReplyTo31
    RDI = 0
    R10 = 0
    syscall
    goto .Fault
}

// Takes the time that nothing more urgent wants.
naked function Rest {
    goto .Rest
}
