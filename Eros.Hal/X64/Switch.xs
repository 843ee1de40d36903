// Switches between the kernel's threads, and from a thread to a domain. X64Processor calls them with interrupts off.
//
// A thread that is not running has, from its saved RSP upwards: R15 R14 R13 R12 RBP RBX, return address. All else is
// lost over a
// call by the System V convention; the vector registers too, so nothing is saved of them.

namespace Switch

extern ..Trap_Resume
extern ..TrapStartThread

include 'constants.xs'

// RDI = where the old thread's RSP goes, RSI = the new thread's RSP.
naked function Threads {
    include 'SaveThread.xsi'
    goto .Load
}

// RDI = the thread's RSP. The caller is on the entry stack, of which nothing is kept.
naked function EnterThread {
    RSI = RDI
    goto .Load
}

naked function Load {
    RSP = RSI
    -R15
    -R14
    -R13
    -R12
    -RBP
    -RBX
    ret
}

// RDI = where the thread's RSP goes, RSI = the frame of the domain's process.
naked function LeaveForDomain {
    include 'SaveThread.xsi'
    RDI = RSI
    goto ..Trap_Resume
}

// A thread's first instruction: RBX = the thread. RSP is the top of its stack, a multiple of 16.
naked function Start {
    RDI = GS[#TrapBlock_Handler]
    RSI = RBX
    call ..TrapStartThread
    ud2
}
