// What exceptions need that C# cannot say: where a throw was, calling a handler in another frame, and going on there.
// CodeFrame.cs: 0 rip, 8 rsp, 16 rbx, 24 rbp, 32 r12, 40 r13, 48 r14, 56 r15.

namespace Unwind

extern ..Unwind_BeginThrow
extern ..Unwind_BeginRethrow
extern ..Unwind_BeginFault

// The frame of whoever called: [RSP] is where it goes on. It is on the stack then, and RSI its address.
naked function ..RhpThrowEx {
    RAX = RSP
    RSP - 72
    .StoreFrame()
    RSI = RSP
    call ..Unwind_BeginThrow
}

naked function ..RhpRethrow {
    RAX = RSP
    RSP - 72
    .StoreFrame()
    RDI = RSP
    call ..Unwind_BeginRethrow
}

// The warden sends a domain here whose instruction failed: RDI = the fault's code, RSI = the instruction. It may be
// the first one that is protected, and frames name what is behind a call.
naked function ..Unwind_Fault {
    RAX = RSP
    RSP - 72
    RSP & 0xFFFFFFFFFFFFFFF0
    RSI++
    RAX - 8
    .StoreFrame()
    [RSP] = RSI
    RSI = RSP
    call ..Unwind_BeginFault
}

// Stores a frame behind its own return address. RAX = where the frame's return address is.
naked function StoreFrame {
    RCX = [RAX]
    RAX + 8
    [RSP + 8] = RCX
    [RSP + 16] = RAX
    [RSP + 24] = RBX
    [RSP + 32] = RBP
    [RSP + 40] = R12
    [RSP + 48] = R13
    [RSP + 56] = R14
    [RSP + 64] = R15
    ret
}

// static extern nint CallFunclet(nint exception, nint code, CodeFrame* frame, nint isFilter): the code is part of the
// frame's function and finds its variables through RBP. An exception that comes out finds isFilter at [RSP].
naked function CallFunclet {
    +RBX
    +RBP
    +R12
    +R13
    +R14
    +R15
    +RCX
    RBX = RDX[16]
    RBP = RDX[24]
    R12 = RDX[32]
    R13 = RDX[40]
    R14 = RDX[48]
    R15 = RDX[56]
    call RSI
Returned:
    -RCX
    -R15
    -R14
    -R13
    -R12
    -RBP
    -RBX
    ret
}
export CallFunclet_Returned

// static extern void Resume(CodeFrame* frame, nint code): the frame's function goes on there; all below is gone.
naked function Resume {
    RBX = RDI[16]
    RBP = RDI[24]
    R12 = RDI[32]
    R13 = RDI[40]
    R14 = RDI[48]
    R15 = RDI[56]
    RSP = RDI[8]
    goto RSI
}
