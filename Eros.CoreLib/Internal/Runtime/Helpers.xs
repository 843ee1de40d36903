// Helpers that the compiler calls with a register contract of their own, so that they cannot be C#.

namespace Helpers

extern ..RhpResolveInterfaceDispatch

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

// An interface call: R11 = dispatch cell, RDI = receiver. All argument registers must reach the target as they are.
naked function ..RhpInitialDynamicInterfaceDispatch {
    +RDI
    +RSI
    +RDX
    +RCX
    +R8
    +R9
    RSP - 136
    [RSP] = XMM0
    [RSP + 16] = XMM1
    [RSP + 32] = XMM2
    [RSP + 48] = XMM3
    [RSP + 64] = XMM4
    [RSP + 80] = XMM5
    [RSP + 96] = XMM6
    [RSP + 112] = XMM7
    RSI = R11
    call ..RhpResolveInterfaceDispatch
    XMM0 = [RSP]
    XMM1 = [RSP + 16]
    XMM2 = [RSP + 32]
    XMM3 = [RSP + 48]
    XMM4 = [RSP + 64]
    XMM5 = [RSP + 80]
    XMM6 = [RSP + 96]
    XMM7 = [RSP + 112]
    RSP + 136
    -R9
    -R8
    -RCX
    -RDX
    -RSI
    -RDI
    goto RAX
}
