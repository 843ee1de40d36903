// Every way into the kernel and back to ring 3.
//
//   SYSCALL ─▶ SystemCall ─▶ TrapFastPath ─ taken ──────────────────────────▶ Resume ─▶ SYSRET or IRETQ
//                                        └ declined ─▶ XSAVE ─▶ TrapSystemCall ─▶ (dispatch) ─▶ Resume
//   interrupt, exception ─▶ Table ─▶ from ring 3: registers, XSAVE ─▶ TrapFromUser ─▶ (dispatch) ─▶ Resume
//                                 └─ from a kernel thread: push, FXSAVE ─▶ TrapFromKernel ─▶ FXRSTOR, pop, IRETQ
//   double fault, NMI, machine check ─▶ Table ─▶ TrapFatal, on their own stacks; no return
//
// From ring 3 all registers go straight into the frame of the process that runs (TrapBlock.Frame), and the kernel runs on the entry
// stack from its top: nothing on it is kept. Interrupts are off in all of this; GS is the kernel's between the two SWAPGS.
//
// TrapFastPath runs before the vector state is saved: it uses no vector register (a test disassembles it).
//
// SYSRET needs RCX = RIP and R11 = RFLAGS. After SYSCALL that is so, and the frame says it: both are stored twice. Whoever changes
// RIP, or was interrupted, is resumed by IRETQ. Neither is given an RIP that is not canonical: both would fault in ring 0, SYSRET with
// the user's stack pointer (Intel SDM volume 2B, SYSRET).
//
// Segment registers are no part of a process: each resume sets them, and so the bases of FS and GS to 0 (a base that is not 0 follows).

namespace Trap

extern ..TrapFastPath
extern ..TrapSystemCall
extern ..TrapFromUser
extern ..TrapFromKernel
extern ..TrapFatal

include 'layout.xs'

const VectorComponents = 7
const FsBase = 0xC0000100
const GsBase = 0xC0000101
const RingMask = 3
const FxsaveBytes = 512

section text

// RCX = return address, R11 = RFLAGS, RSP = the user's. IF, DF, TF, NT and AC are clear (SFMASK).
naked function SystemCall {
    swapgs
    GS[#TrapBlockScratch] = RSP
    RSP = GS[#TrapBlockFrame]
    [RSP + #ProcessFrameRip] = RCX
    [RSP + #ProcessFrameRcx] = RCX
    [RSP + #ProcessFrameRflags] = R11
    [RSP + #ProcessFrameR11] = R11
    RCX = RSP
    include 'SaveRegisters.xsi'
    RAX = GS[#TrapBlockScratch]
    [RCX + #ProcessFrameRsp] = RAX
    RSP = GS[#TrapBlockEntryStack]
    RBX = RCX
    RDI = GS[#TrapBlockHandler]
    call ..TrapFastPath
    RDI = RAX
    EAX = #VectorComponents
    EDX = 0
    xsave [RBX + #ProcessFrameVectorState]
    if RDI != 0 goto .Resume
    RDI = GS[#TrapBlockHandler]
    call ..TrapSystemCall
    ud2
}

// RDI = frame of the process that goes on. Its space is loaded. Any stack with room for five words.
naked function Resume {
    GS[#TrapBlockFrame] = RDI
    RCX = [RDI + #ProcessFrameRip]
    RAX = RCX
    RAX >> 47
    if !0 goto .NotCanonical
    EAX = #VectorComponents
    EDX = 0
    xrstor [RDI + #ProcessFrameVectorState]
    EAX = #UserData
    DS = AX
    ES = AX
    FS = AX
    swapgs
    GS = AX
    RSI = [RDI + #ProcessFrameFsBase]
    if RSI != 0 {
        ECX = #FsBase
        .WriteBase()
        RCX = [RDI + #ProcessFrameRip]
    }
    RSI = [RDI + #ProcessFrameGsBase]
    if RSI != 0 {
        ECX = #GsBase
        .WriteBase()
        RCX = [RDI + #ProcessFrameRip]
    }
    R11 = [RDI + #ProcessFrameRflags]
    if RCX != [RDI + #ProcessFrameRcx] goto .ResumeWhole
    if R11 != [RDI + #ProcessFrameR11] goto .ResumeWhole
    include 'LoadRegisters.xsi'
    RSP = [RDI + #ProcessFrameRsp]
    RDI = [RDI + #ProcessFrameRdi]
    sysret
}

naked function ResumeWhole {
    +#UserData
    +[RDI + #ProcessFrameRsp]
    +R11
    +#UserCode
    +RCX
    RCX = [RDI + #ProcessFrameRcx]
    R11 = [RDI + #ProcessFrameR11]
    include 'LoadRegisters.xsi'
    RDI = [RDI + #ProcessFrameRdi]
    iretq
}

// ECX = register, RSI = value.
naked function WriteBase {
    EAX = ESI
    RDX = RSI
    RDX >> 32
    wrmsr
    ret
}

// The process at RDI is not let run: it has faulted.
naked function NotCanonical {
    RSP = GS[#TrapBlockEntryStack]
    ESI = #GeneralProtection
    EDX = 0
    RDI = GS[#TrapBlockHandler]
    call ..TrapFromUser
    ud2
}

// One entry of eight bytes for each vector: the return address that it pushes tells which. Those with an error code are 8, 10 to
// 14, 17, 21, 29 and 30 (SDM volume 3A, table 6-1).
align 8
naked function Table {
    align 8
    call .WithoutCode                           // 0, 1
    align 8
    call .WithoutCode
    align 8
    call .Fatal                                 // 2 non-maskable interrupt
    align 8
    call .WithoutCode                           // 3 to 7
    align 8
    call .WithoutCode
    align 8
    call .WithoutCode
    align 8
    call .WithoutCode
    align 8
    call .WithoutCode
    align 8
    call .Fatal                                 // 8 double fault
    align 8
    call .WithoutCode                           // 9
