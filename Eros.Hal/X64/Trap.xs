// Every way into the kernel and back to ring 3.
//
//   SYSCALL ─▶ SystemCall: FastPath.xsi ─ taken: XSAVE, XRSTOR ──────────────────────▶ SYSRET
//                                       └ declined ─▶ XSAVE ─▶ TrapSystemCall ─▶ (dispatch) ─▶ Resume
//                                       └ taken by a fault-resume capability: XSAVE ────▶ Resume
//   interrupt, exception ─▶ Table ─▶ from ring 3: registers; FastFault.xsi ─ taken: as above
//                                 │                        └ declined ─▶ XSAVE ─▶ TrapFromUser ─▶ (dispatch) ─▶ Resume
//                                 └─ from a kernel thread: push, FXSAVE ─▶ TrapFromKernel ─▶ FXRSTOR, pop, IRETQ
//   double fault, NMI, machine check ─▶ Table ─▶ TrapFatal, on their own stacks; no return
//
// From ring 3 all registers go straight into the frame of the process that runs (TrapBlock.Frame), and the kernel runs
// on the entry stack from its top: nothing on it is kept. Interrupts are off in all of this; GS is the kernel's between
// the two SWAPGS.
//
// The fast path runs before the vector state is saved: it uses no vector register (a test disassembles it). It goes
// straight from the invoker's registers to the receiver's.
//
// Who receives a message finds RCX and R11 destroyed. So the fast path goes on by SYSRET, which needs RCX = RIP and
// R11 = RFLAGS. Resume looks whether the frame says so (after SYSCALL they are stored twice): whoever was interrupted,
// or has another RIP now, goes on by IRETQ. Neither is given an RIP that is not canonical: both would fault in ring 0,
// SYSRET with the user's stack pointer (Intel SDM volume 2B, SYSRET).
//
// A process that nobody has given an RFLAGS runs with interrupts on as well.
//
// Segment registers are no part of a process: each resume sets them, and so the bases of FS and GS to 0 (a base that is
// not 0 follows).

namespace Trap

extern ..TrapSystemCall
extern ..TrapFromUser
extern ..TrapFromKernel
extern ..TrapFatal

include 'constants.xs'

const VectorComponents = 7
const StubBytes = 5
const FsBaseRegister = 0xC0000100
const GsBaseRegister = 0xC0000101
const RingMask = 3
const InterruptsOn = 0x202                      // IF, and the bit that is always 1
const FxsaveBytes = 512
const GeneralBytes = 15 * 8

section text

// RCX = return address, R11 = RFLAGS, RSP = the user's. IF, DF, TF, NT and AC are clear (SFMASK).
//
// XSAVE and XRSTOR take what EDX:EAX and XCR0 both name, which is VectorComponents: EDX need not be 0.
naked function SystemCall {
    swapgs
    GS[#TrapBlock_Scratch] = RSP
    RSP = GS[#TrapBlock_Frame]
    [RSP + #ProcessFrame_Rip] = RCX
    [RSP + #ProcessFrame_Rflags] = R11
    [RSP + #ProcessFrame_Rbx] = RBX
    R11 = RSP
    RBX = GS[#TrapBlock_Scratch]
    [R11 + #ProcessFrame_Rsp] = RBX
    RSP = GS[#TrapBlock_EntryStack]
    RBX = GS[#TrapBlock_Self]
    include 'FastPath.xsi'
    CR3 = RAX
Same:
    EAX = #VectorComponents
    xsave [R11 + #ProcessFrame_VectorState]
    xrstor [R12 + #ProcessFrame_VectorState]
    EAX = #Selector_UserData
    DS = AX
    ES = AX
    FS = AX
    swapgs
    GS = AX
    EAX = R15D
    R10D = 0
    R11 = [R12 + #ProcessFrame_Rflags]
    R11 | #InterruptsOn
    RCX = [R12 + #ProcessFrame_Rip]
    RSP = [R12 + #ProcessFrame_Rsp]
    RBX = [R12 + #ProcessFrame_Rbx]
    RBP = [R12 + #ProcessFrame_Rbp]
    R9 = [R12 + #ProcessFrame_R9]
    R13 = [R12 + #ProcessFrame_R13]
    R14 = [R12 + #ProcessFrame_R14]
    R15 = [R12 + #ProcessFrame_R15]
    R12 = [R12 + #ProcessFrame_R12]
    sysret
Mended:
    CR3 = RAX
    EAX = #VectorComponents
    xsave [R11 + #ProcessFrame_VectorState]
    RDI = R12
    goto .Resume

    // The general path: the rest of the registers at R11, the invoker's frame.
Declined:
    [R11 + #ProcessFrame_Rdi] = RDI
    [R11 + #ProcessFrame_Rsi] = RSI
    [R11 + #ProcessFrame_Rdx] = RDX
    [R11 + #ProcessFrame_R8] = R8
    RAX = [R11 + #ProcessFrame_Rip]
    [R11 + #ProcessFrame_Rcx] = RAX
    RAX = [R11 + #ProcessFrame_Rflags]
    [R11 + #ProcessFrame_R11] = RAX
    EAX = #VectorComponents
    xsave [R11 + #ProcessFrame_VectorState]
    RDI = GS[#TrapBlock_Handler]
    call ..TrapSystemCall
    ud2
}

// RDI = frame of the process that goes on. Its space is loaded. Any stack with room for five words.
naked function Resume {
    GS[#TrapBlock_Frame] = RDI
    RCX = [RDI + #ProcessFrame_Rip]
    RAX = RCX
    RAX >> 47
    if !0 goto .NotCanonical
    EAX = #VectorComponents
    EDX = 0
    xrstor [RDI + #ProcessFrame_VectorState]
    EAX = #Selector_UserData
    DS = AX
    ES = AX
    FS = AX
    swapgs
    GS = AX
    RSI = [RDI + #ProcessFrame_FsBase]
    if RSI != 0 {
        ECX = #FsBaseRegister
        .WriteBase()
        RCX = [RDI + #ProcessFrame_Rip]
    }
    RSI = [RDI + #ProcessFrame_GsBase]
    if RSI != 0 {
        ECX = #GsBaseRegister
        .WriteBase()
        RCX = [RDI + #ProcessFrame_Rip]
    }
    R11 = [RDI + #ProcessFrame_Rflags]
    R11 | #InterruptsOn
    if RCX != [RDI + #ProcessFrame_Rcx] goto .ResumeWhole
    if R11 != [RDI + #ProcessFrame_R11] goto .ResumeWhole
    include 'LoadRegisters.xsi'
    RSP = [RDI + #ProcessFrame_Rsp]
    RDI = [RDI + #ProcessFrame_Rdi]
    sysret
}

naked function ResumeWhole {
    +#Selector_UserData
    +[RDI + #ProcessFrame_Rsp]
    +R11
    +#Selector_UserCode
    +RCX
    RCX = [RDI + #ProcessFrame_Rcx]
    R11 = [RDI + #ProcessFrame_R11]
    include 'LoadRegisters.xsi'
    RDI = [RDI + #ProcessFrame_Rdi]
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
    RSP = GS[#TrapBlock_EntryStack]
    ESI = #Vector_GeneralProtection
    EDX = 0
    RDI = GS[#TrapBlock_Handler]
    call ..TrapFromUser
    ud2
}

// One call for each vector, of StubBytes: the return address that it pushes tells which. Those with an error code are
// 8, 10 to 14, 17, 21, 29 and 30 (SDM volume 3A, table 6-1).
naked function Table {
    repeat 2 times {
        call .WithoutCode
    }
    call .Fatal
    repeat 5 times {
        call .WithoutCode
    }
    call .Fatal
    call .WithoutCode
    repeat 5 times {
        call .WithCode
    }
    repeat 2 times {
        call .WithoutCode
    }
    call .WithCode
    call .Fatal
    repeat 2 times {
        call .WithoutCode
    }
    call .WithCode
    repeat 7 times {
        call .WithoutCode
    }
    repeat 2 times {
        call .WithCode
    }
    repeat 33 times {
        call .WithoutCode
    }
}

// From here on the stack holds, upwards: address in the table, error code, RIP, CS, RFLAGS, RSP, SS.
naked function WithoutCode {
    +[RSP]
    [RSP + 8] = 0 as qword
    goto .WithCode
}

naked function WithCode {
    [RSP + 24] ?& #RingMask as byte
    if 0 goto .FromKernel
    swapgs
    +RCX
    RCX = GS[#TrapBlock_Frame]
    include 'SaveRegisters.xsi'
    [RCX + #ProcessFrame_R11] = R11
    RBX = RCX
    -RAX
    [RBX + #ProcessFrame_Rcx] = RAX
    -RSI
    -R12
    -RAX
    [RBX + #ProcessFrame_Rip] = RAX
    RAX = [RSP + 8]
    [RBX + #ProcessFrame_Rflags] = RAX
    RAX = [RSP + 16]
    [RBX + #ProcessFrame_Rsp] = RAX
    RSP = GS[#TrapBlock_EntryStack]
    +2
    -Flags
    .VectorOf()
    EDI = ESI
    R8D = R12D
    R11 = RBX
    RBX = GS[#TrapBlock_Self]
    include 'FastFault.xsi'
    CR3 = RAX
Same:
    goto .SystemCall_Same
Declined:
    EAX = #VectorComponents
    EDX = 0
    xsave [R11 + #ProcessFrame_VectorState]
    ESI = EDI
    EDX = R8D
    RDI = GS[#TrapBlock_Handler]
    call ..TrapFromUser
    ud2
}

// RSI = address in the table, behind a call → ESI = vector. Keeps all but RAX. 205 / 1024 is a fifth of what is in the
// table.
naked function VectorOf {
    RAX = @[.Table + #StubBytes]
    RSI - RAX
    ESI * 205
    ESI >> 10
    ret
}

// The stack pointer was made a multiple of 16 by the processor, and 176 bytes have been pushed when FXSAVE needs it to
// be one.
naked function FromKernel {
    +All
    RSI = [RSP + #GeneralBytes]
    RDX = @[RSP + #GeneralBytes + 8]
    RSP - #FxsaveBytes
    fxsave [RSP]
    cld
    RDI = GS[#TrapBlock_Handler]
    .VectorOf()
    call ..TrapFromKernel
    fxrstor [RSP]
    RSP + #FxsaveBytes
    -All
    RSP + 16
    iretq
}

// Any ring, any GS: the kernel's base is negative.
naked function Fatal {
    ECX = #GsBaseRegister
    rdmsr
    if signed EDX >= 0 {
        swapgs
    }
    -RSI
    RDX = RSP
    RSP & 0xFFFFFFFFFFFFFFF0
    RDI = GS[#TrapBlock_Handler]
    .VectorOf()
    call ..TrapFatal
    ud2
}
