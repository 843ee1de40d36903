// The instructions that C# has no words for: one function each, declared in Native.cs. System V convention.

namespace Native

function In8 {
    EDX = EDI
    EAX = 0
    AL = Port[DX]
}

function Out8 {
    EDX = EDI
    EAX = ESI
    Port[DX] = AL
}

function Out16 {
    EDX = EDI
    EAX = ESI
    Port[DX] = AX
}

function In16 {
    EDX = EDI
    EAX = 0
    AX = Port[DX]
}

function In32 {
    EDX = EDI
    EAX = Port[DX]
}

function Out32 {
    EDX = EDI
    EAX = ESI
    Port[DX] = EAX
}

function Timestamp {
    rdtsc
    RDX << 32
    RAX | RDX
}

function ReadMsr {
    ECX = EDI
    rdmsr
    RDX << 32
    RAX | RDX
}

function WriteMsr {
    ECX = EDI
    EAX = ESI
    RDX = RSI
    RDX >> 32
    wrmsr
}

// RDX = where EAX, EBX, ECX and EDX go.
function CpuId {
    +RBX
    R8 = RDX
    EAX = EDI
    ECX = ESI
    cpuid
    [R8] = EAX
    [R8 + 4] = EBX
    [R8 + 8] = ECX
    [R8 + 12] = EDX
    -RBX
}

function ReadControl2 {
    RAX = CR2
}

function ReadControl3 {
    RAX = CR3
}

function WriteControl3 {
    CR3 = RDI
}

function ReadControl4 {
    RAX = CR4
}

function WriteControl4 {
    CR4 = RDI
}

function WriteExtendedControl0 {
    ECX = 0
    EAX = EDI
    RDX = RDI
    RDX >> 32
    xsetbv
}

function Invalidate {
    invlpg [RDI]
}

// RDI = operand of LGDT, SI = code selector, DX = data selector, CX = task selector. CS is reloaded by a far return;
// the bases of
// FS and GS become 0.
function LoadDescriptors {
    lgdt [RDI]
    DS = DX
    ES = DX
    SS = DX
    FS = DX
    GS = DX
    ltr CX
    RAX = RSI
    +RAX
    RAX = @Loaded
    +RAX
    return far
Loaded:
}

function LoadInterrupts {
    lidt [RDI]
}

function DisableInterrupts {
    cli
}

function EnableInterrupts {
    sti
}

// An interrupt that comes before HLT cannot slip through: STI takes effect after the next instruction.
function WaitForInterrupt {
    sti
    hlt
    cli
}

function Halt {
    cli
Again:
    hlt
    goto Again
}
