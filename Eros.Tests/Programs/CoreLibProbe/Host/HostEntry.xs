// Start of a static Linux program, and the two system calls that it makes (x86-64 psABI, appendix A.2).

namespace Host

extern ..ProbeMain

const SysWrite = 1
const SysExit = 60

section bss
align 16
var Heap byte[0x4000000]
var HeapEnd byte[0]
section text

// RSP = argument count, then the argument addresses.
naked function ..HostEntry {
    RDI = RSP
    RSI = @.Heap
    RDX = @.HeapEnd
    RSP & 0xFFFFFFFFFFFFFFF0
    call ..ProbeMain
    EDI = EAX
    EAX = #SysExit
    syscall
}

// RDI = status. Does not return.
naked function Exit {
    EAX = #SysExit
    syscall
}

// RDI = address, RSI = bytes: to standard output.
naked function Write {
    RDX = RSI
    RSI = RDI
    EDI = 1
    EAX = #SysWrite
    syscall
    ret
}
