// Copying and filling of memory by string instructions: one instruction for eight bytes, no vector registers, and
// interruptible in the middle. The direction flag is clear, as the System V convention has it.

namespace Memory

// RDI = destination, RSI = source, RDX = bytes: from the lowest address up.
function CopyForward {
    RCX = RDX
    RCX >> 3
    rep movsq
    ECX = EDX
    ECX & 7
    rep movsb
}

// RDI = destination, RSI = the byte eight times, RDX = bytes.
function Fill {
    RAX = RSI
    RCX = RDX
    RCX >> 3
    rep stosq
    ECX = EDX
    ECX & 7
    rep stosb
}
