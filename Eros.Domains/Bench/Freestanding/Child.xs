// What processes made by the bench do. No stack, no string.

namespace Bench

const ReturnTo31 = 0x1F01

// Answers its first message, whose resume capability is in register 31.
naked function Answer {
    RAX = #ReturnTo31
    RDI = 0
    R10 = 0
    syscall
}

// Takes the time that nothing more urgent wants.
naked function Rest {
    goto .Rest
}
