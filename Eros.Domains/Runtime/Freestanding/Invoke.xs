// The system call, and what else of a domain's run time C# cannot say. Offsets: MessageRegisters.cs.

namespace Domain

// The kernel takes RAX RDI RSI RDX R8 R9 R10 R12, leaves answers in all but R9 and R12, and destroys RCX and R11.

// static extern void Invoke(ref MessageRegisters registers): RDI
naked function Invoke {
    RSI = RDI
    goto .Exchange
}

// static extern void Exchange(ref MessageRegisters received, ref MessageRegisters sent): RDI RSI
naked function Exchange {
    +R12
    +RDI
    RAX = RSI[0]
    RDI = RSI[8]
    RDX = RSI[24]
    R8 = RSI[32]
    R9 = RSI[40]
    R10 = RSI[48]
    R12 = RSI[56]
    RSI = RSI[16]
    syscall
    -RCX
    RCX[0] = RAX
    RCX[8] = RDI
    RCX[16] = RSI
    RCX[24] = RDX
    RCX[32] = R8
    RCX[48] = R10
    -R12
    ret
}

// static extern uint Call(uint order, ulong word1, ulong word2, ulong control, ulong word3, AnswerWords* answer):
// RDI RSI RDX RCX R8 R9
naked function CallWords {
    +R9
    RAX = RCX
    R10D = 0
    syscall
    -RCX
    RCX[0] = RSI
    RCX[8] = RDX
    RCX[16] = R8
    EAX = EDI
    ret
}

// static extern ulong ReadTimestamp()
function ReadTimestamp {
    rdtsc
    RDX << 32
    RAX | RDX
}

// static extern bool IsThere(): RDRAND, CPUID leaf 1, ECX bit 30 (Intel SDM volume 1, 7.3.17).
naked function HasRandom {
    +RBX
    EAX = 1
    ECX = 0
    cpuid
    EAX = ECX
    EAX >> 30
    EAX & 1
    -RBX
    ret
}

// static extern bool Read(out ulong value): false (no carry) when it has none just now
naked function ReadRandom {
    !rdrand rcx
    !setc al
    !movzx eax, al
    RDI[0] = RCX
    ret
}

// static extern void Tell(ulong code, byte* text): 48 bytes of text in six registers for the keeper, and more to come;
// it lets the domain go on behind the instruction.
naked function Tell {
    +R12
    RAX = RSI
    .LoadText()
    RAX = 0x54584554534F5245        // 'EROSTEXT'
    ud2
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
