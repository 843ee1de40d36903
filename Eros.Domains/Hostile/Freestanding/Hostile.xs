// What a hostile program does, one function each. All but RunAway are expected to fault before they return.

namespace Hostile

// An invocation word with a reserved bit. It names no register to receive in: the reply register is needed for the
// answer.
const MalformedWord = 0x8000000000000000

// ulong Read(ulong address)
function Read {
    RAX = [RDI]
}

// void Write(ulong address)
function Write {
    RDI[0] = RDI
}

// void Jump(ulong address)
function Jump {
    goto RDI
}

function Divide {
    RAX = 1
    RDX = 0
    RCX = 0
    div RCX
}

// Bytes that are no instruction in 64-bit mode.
function Garbage {
    !db 0x0F, 0x04, 0xD5, 0xFF
}

// A write of CR3, then whatever else is the kernel's.
function Privileged {
    RAX = 0
    CR3 = RAX
    hlt
}

function TouchPort {
    AL = 0xFE
    Port[0x64] = AL
}

function Breakpoint {
    int 3
}

// Sets the trap flag: the next instruction, a system call, is stepped into the kernel.
function SingleStep {
    +Flags
    RAX = RSP[0]
    RAX | 0x100
    RSP[0] = RAX
    RAX = #MalformedWord
    -Flags
    syscall
}

// A stack pointer that is no address, then a push.
function LoseStack {
    RSP = 0x800000000000
    +RAX
}

// An interrupt vector that belongs to a device.
function RaiseInterrupt {
    int 0x24
}

// ulong InvokeWithoutStack(): a malformed system call while RSP and RBP hold addresses of the kernel's.
function InvokeWithoutStack {
    +RBP
    +R12
    R12 = RSP
    RSP = 0xFFFF800000000000
    RBP = RSP
    R10 = 0
    RAX = #MalformedWord
    syscall
    RSP = R12
    RAX = RDI
    -R12
    -RBP
}

naked function RunAway {
Again:
    goto Again
}
