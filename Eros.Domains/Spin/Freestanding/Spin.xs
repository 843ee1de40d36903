// The loop of spin. It is given a page and a seed, and from then on lives in registers: no call, no system call, no
// stack. What it steps, and how the page is laid out, is in SpinChain.cs.
//
//   RDI page | RSI factor and RDX term of the general map | RCX n | RAX entry being written
//   RBX R8 quick, RBP R9..R15 slow lanes | XMM0 XMM1 quick, XMM2..XMM14 slow lanes | XMM15 to work with

namespace Spin

const GeneralFactor = 0x5851F42D4C957F2D
const GeneralTerm = 0x14057B7EF767814F
const VectorTerm = 0xD1B54A32D192ED03
const VectorShift = 5
const SlowMask = 0x3FF
const PublishMask = 0xFFFFF
const PublishLog2 = 20
const FirstEntry = 64
const EntryLog2 = 11

section rodata
align 16
var VectorTerms qword = #VectorTerm, #VectorTerm
section bss
align 16
var Start qword[30]
section text

// static extern void Run(byte* page, ulong seed); does not return
naked function Run {
    RAX = 0
    RAX + RSI
    RBX = RAX
    RAX + RSI
    R8 = RAX
    RAX + RSI
    RBP = RAX
    RAX + RSI
    R9 = RAX
    RAX + RSI
    R10 = RAX
    RAX + RSI
    R11 = RAX
    RAX + RSI
    R12 = RAX
    RAX + RSI
    R13 = RAX
    RAX + RSI
    R14 = RAX
    RAX + RSI
    R15 = RAX
    RDX = @.Start
    RCX = 0
    while RCX < 30 {
        RAX + RSI
        [RDX + RCX*8] = RAX
        RCX++
    }
    XMM0 = [RDX]
    XMM1 = [RDX + 16]
    XMM2 = [RDX + 32]
    XMM3 = [RDX + 48]
    XMM4 = [RDX + 64]
    XMM5 = [RDX + 80]
    XMM6 = [RDX + 96]
    XMM7 = [RDX + 112]
    XMM8 = [RDX + 128]
    XMM9 = [RDX + 144]
    XMM10 = [RDX + 160]
    XMM11 = [RDX + 176]
    XMM12 = [RDX + 192]
    XMM13 = [RDX + 208]
    XMM14 = [RDX + 224]
    RSI = #GeneralFactor
    RDX = #GeneralTerm
    RCX = 0

Step:
    RBX * RSI
    RBX + RDX
    R8 * RSI
    R8 + RDX
    XMM15 = XMM0
    XMM15 << #VectorShift as qword
    XMM0 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM0 + XMM15 as qword
    XMM15 = XMM1
    XMM15 << #VectorShift as qword
    XMM1 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM1 + XMM15 as qword
    RCX++
    RCX ?& #SlowMask
    if !0 goto Step

    RBP * RSI
    RBP + RDX
    R9 * RSI
    R9 + RDX
    R10 * RSI
    R10 + RDX
    R11 * RSI
    R11 + RDX
    R12 * RSI
    R12 + RDX
    R13 * RSI
    R13 + RDX
    R14 * RSI
    R14 + RDX
    R15 * RSI
    R15 + RDX
    XMM15 = XMM2
    XMM15 << #VectorShift as qword
    XMM2 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM2 + XMM15 as qword
    XMM15 = XMM3
    XMM15 << #VectorShift as qword
    XMM3 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM3 + XMM15 as qword
    XMM15 = XMM4
    XMM15 << #VectorShift as qword
    XMM4 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM4 + XMM15 as qword
    XMM15 = XMM5
    XMM15 << #VectorShift as qword
    XMM5 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM5 + XMM15 as qword
    XMM15 = XMM6
    XMM15 << #VectorShift as qword
    XMM6 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM6 + XMM15 as qword
    XMM15 = XMM7
    XMM15 << #VectorShift as qword
    XMM7 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM7 + XMM15 as qword
    XMM15 = XMM8
    XMM15 << #VectorShift as qword
    XMM8 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM8 + XMM15 as qword
    XMM15 = XMM9
    XMM15 << #VectorShift as qword
    XMM9 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM9 + XMM15 as qword
    XMM15 = XMM10
    XMM15 << #VectorShift as qword
    XMM10 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM10 + XMM15 as qword
    XMM15 = XMM11
    XMM15 << #VectorShift as qword
    XMM11 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM11 + XMM15 as qword
    XMM15 = XMM12
    XMM15 << #VectorShift as qword
    XMM12 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM12 + XMM15 as qword
    XMM15 = XMM13
    XMM15 << #VectorShift as qword
    XMM13 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM13 + XMM15 as qword
    XMM15 = XMM14
    XMM15 << #VectorShift as qword
    XMM14 + XMM15 as qword
    XMM15 = [.VectorTerms]
    XMM14 + XMM15 as qword
    RCX ?& #PublishMask
    if !0 goto Step

    // The entry of this n is not the one that the page's first word names.
    RAX = RCX
    RAX >> #PublishLog2
    RAX & 1
    RAX << #EntryLog2
    RAX + RDI
    RAX + #FirstEntry
    RAX[0] = RCX
    RAX[8] = RBX
    RAX[16] = R8
    RAX[24] = RBP
    RAX[32] = R9
    RAX[40] = R10
    RAX[48] = R11
    RAX[56] = R12
    RAX[64] = R13
    RAX[72] = R14
    RAX[80] = R15
    [RAX + 88] = XMM0
    [RAX + 104] = XMM1
    [RAX + 120] = XMM2
    [RAX + 136] = XMM3
    [RAX + 152] = XMM4
    [RAX + 168] = XMM5
    [RAX + 184] = XMM6
    [RAX + 200] = XMM7
    [RAX + 216] = XMM8
    [RAX + 232] = XMM9
    [RAX + 248] = XMM10
    [RAX + 264] = XMM11
    [RAX + 280] = XMM12
    [RAX + 296] = XMM13
    [RAX + 312] = XMM14
    RDI[0] = RCX
    goto Step
}
