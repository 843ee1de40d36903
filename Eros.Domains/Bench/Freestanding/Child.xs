// What a process made by the process-creation measurement does: it answers its first message, whose resume capability
// is in register 31. No stack, no string.

namespace Bench

const ReturnTo31 = 0x1F01

naked function Child {
    RAX = #ReturnTo31
    RDI = 0
    R10 = 0
    syscall
}
