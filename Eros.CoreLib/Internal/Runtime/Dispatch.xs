// Where an interface call goes that the compiler could not resolve. In a file of its own, so that an image without such
// calls does not link it.

namespace Dispatch

extern ..RhpResolveInterfaceDispatch

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
