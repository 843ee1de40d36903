// Helpers that the compiler calls with a register contract of their own, so that they cannot be C#.

namespace Helpers

// Compared by functions with buffers on their stack; a constant is enough to notice an overrun.
section rodata
align 8
var ..__security_cookie qword = 0x9C1E5B7A3D42F086
section text

// Copies one reference from [RSI] to [RDI] and advances both. Changes RAX and RCX at most.
naked function ..RhpByRefAssignRef {
    RAX = [RSI]
    [RDI] = RAX
    RSI + 8
    RDI + 8
    ret
}

// A large frame is about to be used, down to R11. Stacks are mapped from the start or grow by faults: nothing to do.
naked function ..RhpStackProbe {
    ret
}
