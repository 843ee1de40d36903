// The system call, and what else of a domain's run time C# cannot say. Offsets: MessageRegisters.cs.

namespace Domain

// static extern void Invoke(ref MessageRegisters registers): RDI The kernel takes RAX RDI RSI RDX R8 R9 R10 R12,
// leaves answers in all but R9 and R12, and the processor destroys RCX and R11.
function Invoke {
    +R12
    +RDI
    RAX = RDI[0]
    RSI = RDI[16]
    RDX = RDI[24]
    R8 = RDI[32]
    R9 = RDI[40]
    R10 = RDI[48]
    R12 = RDI[56]
    RDI = RDI[8]
    syscall
    -RCX
    RCX[0] = RAX
    RCX[8] = RDI
    RCX[16] = RSI
    RCX[24] = RDX
    RCX[32] = R8
    RCX[48] = R10
    -R12
}

// static extern ulong ReadTimestamp()
function ReadTimestamp {
    rdtsc
    RDX << 32
    RAX | RDX
}

// static extern void Tell(ulong code, byte* text): 48 bytes of text in six registers for the keeper, and more to come;
// it lets the domain go on behind the breakpoint.
naked function Tell {
    +R12
    RAX = RSI
    .LoadText()
    RAX = 0x54584554534F5245        // 'EROSTEXT'
    data byte 0xCC
    -R12
    ret
}

// static extern void Die(ulong code, byte* text): the same as the last words. Only the keeper can end this.
naked function Die {
    RAX = RSI
    .LoadText()
    RAX = 0x4C494146534F5245        // 'EROSFAIL'
Again:
    ud2
    goto Again
}

naked function LoadText {
    RSI = RAX[0]
    RDX = RAX[8]
    R8 = RAX[16]
    R9 = RAX[24]
    R10 = RAX[32]
    R12 = RAX[40]
    ret
}

// void CollectWithRegisters(): the registers that a caller may keep references in go to the stack, where the
// collector looks.
extern ..Domain_Collect

naked function CollectWithRegisters {
    +RBX
    +RBP
    +R12
    +R13
    +R14
    +R15
    +RAX
    RDI = RSP
    call ..Domain_Collect
    -RAX
    -R15
    -R14
    -R13
    -R12
    -RBP
    -RBX
    ret
}
