// What processes made by the bench do. No stack, no string.

namespace Bench

const ReturnTo31 = 0x1F01
const ReturnAndReplyTo31 = 0x00F8000000001F01
const ReturnToNobody = 1
const CallRegister1 = 0x100

// Orders of the sleep capability.
const Until = 2
const Now = 3

// Order of the checkpoint capability.
const Take = 1

// The least that is slept, nanoseconds; up to 32767 more, by a multiplier and an addend that miss none of them.
const LeastSleep = 10000

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

// Sleeps by the capability in register 1, RBP times, and stores at RBX until when, and the time-stamp counter after it.
// R15 = what is slept beside the least.
naked function Wake {
    RAX = #CallRegister1
    RDI = #Now
    R10 = 0
    syscall
    R15D * 5
    R15D + 0x3039
    R15D & 0x7FFF
    R14 = RSI
    R14 + R15
    R14 + #LeastSleep
    RAX = #CallRegister1
    RDI = #Until
    RSI = R14
    R10 = 0
    syscall
    rdtsc
    RDX << 32
    RDX | RAX
    [RBX] = R14
    [RBX + 8] = RDX
    RBX + 16
    RBP - 1
    if !0 goto .Wake
    RAX = #ReturnToNobody
    R10 = 0
    syscall
}

// Stores into RDX pages from RSI on, and asks for a checkpoint by the capability in register 1. Answers with what that
// answered: the generation in RSI.
naked function Dirty {
    [RSI] = RDX
    RSI + 0x1000
    RDX - 1
    if !0 goto .Dirty
    RAX = #CallRegister1
    RDI = #Take
    R10 = 0
    syscall
    RAX = #ReturnAndReplyTo31
    RDI = 0
    R10 = 0
    syscall
    goto .Dirty
}

// Sleeps by the capability in register 1 until the nanosecond in RSI.
naked function Sleep {
    RAX = #CallRegister1
    RDI = #Until
    R10 = 0
    syscall
    goto .Sleep
}

// Takes the time that nothing more urgent wants.
naked function Rest {
    goto .Rest
}
