// Runs the kernel's fast path on the host, as the entry of the system call does in ring 0. NativeFastPath.cs builds and
// calls it; the layout of what RDI points to is said there.

namespace Runner

include 'constants.xs'

section text

// System V: RDI = the call. EAX = 1: taken.
naked function Run {
    +RBX
    +RBP
    +R12
    +R13
    +R14
    +R15
    +RDI
    RBX = RDI[#FastPathCall_Block]
    R11 = RDI[#FastPathCall_From]
    if qword [RDI + #FastPathCall_Entry] != 1 goto .Fault
    RAX = [R11 + #ProcessFrame_Rax]
    RDX = [R11 + #ProcessFrame_Rdx]
    RSI = [R11 + #ProcessFrame_Rsi]
    RDI = [R11 + #ProcessFrame_Rdi]
    RBP = [R11 + #ProcessFrame_Rbp]
    R8 = [R11 + #ProcessFrame_R8]
    R9 = [R11 + #ProcessFrame_R9]
    R10 = [R11 + #ProcessFrame_R10]
    R12 = [R11 + #ProcessFrame_R12]
    R13 = [R11 + #ProcessFrame_R13]
    R14 = [R11 + #ProcessFrame_R14]
    R15 = [R11 + #ProcessFrame_R15]
    include 'FastPath.xsi'
    R10 = RAX
    goto .Taken
Same:
    R10 = 0
    goto .Taken
Mended:
    RCX = [RSP]
    RCX[#FastPathCall_Cr3] = RAX
    RCX[#FastPathCall_Receiver] = R12
    EAX = 1
    goto .Leave
Declined:
    goto .Left
}

naked function Fault {
    R8 = RDI[#FastPathCall_Error]
    RDI = RDI[#FastPathCall_Vector]
    include 'FastFault.xsi'
    R10 = RAX
    goto .Taken
Same:
    R10 = 0
    goto .Taken
Declined:
    goto .Left
}

naked function Taken {
    RCX = [RSP]
    RCX[#FastPathCall_Cr3] = R10
    RCX[#FastPathCall_Receiver] = R12
    [R12 + #ProcessFrame_Rax] = R15
    [R12 + #ProcessFrame_Rdi] = RDI
    [R12 + #ProcessFrame_Rsi] = RSI
    [R12 + #ProcessFrame_Rdx] = RDX
    [R12 + #ProcessFrame_R8] = R8
    [R12 + #ProcessFrame_R10] = 0 as qword
    EAX = 1
    goto .Leave
}

naked function Left {
    RCX = [RSP]
    RCX[#FastPathCall_Left0] = RDI
    RCX[#FastPathCall_Left1] = RSI
    RCX[#FastPathCall_Left2] = RDX
    RCX[#FastPathCall_Left3] = R8
    RCX[#FastPathCall_From] = R11
    EAX = 0
    goto .Leave
}

naked function Leave {
    -RDI
    -R15
    -R14
    -R13
    -R12
    -RBP
    -RBX
    ret
}
