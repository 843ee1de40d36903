// From the loader to C#: everything before the first managed instruction.
//
// Two ways in, both 32-bit protected mode with paging off and a flat 4 GB: QEMU's PVH entry (EBX = address of
// hvm_start_info; Xen's public/arch-x86/hvm/start_info.h) and Multiboot2 (EAX = magic, EBX = address of the boot
// information; Multiboot2 specification 1.6, 3.3). Section .boot is linked where it is loaded, all else at KernelBase.
//
// What holds at KernelEntry(boot information, protocol: 0 PVH, 1 Multiboot2):
//   - long mode, interrupts off, write protection and no-execute on, SSE usable, XSETBV allowed, XCR0 as after reset
//   - physical 0 to 4 GB is mapped at its own address (2 MB pages, writable, executable): for the boot only
//   - the kernel's image is mapped at KernelBase + its physical address in 4 KB pages with the rights of its sections
//   - RSP is on the boot stack, whose lowest page is not mapped
//   - .bss is zero
// A processor without the features of x86-64-v2, NX, SYSCALL or XSAVE is refused on COM1 and on the VGA text screen.

namespace Boot

extern ..KernelEntry
extern ..BootTablesPhysical
extern ..BootStackGuardPhysical
extern ..BootStackTopPhysical
extern ..TextPhysical
extern ..RodataPhysical
extern ..DataPhysical
extern ..BssPhysical
extern ..EndPhysical

const KernelBase = 0xFFFFFFFF80000000
const PageSize = 0x1000
const LargePage = 0x200000
const StackBytes = 0x8000

// Entries of page tables (Intel SDM volume 3, 4.5): present 1, writable 2, large 0x80; no-execute is bit 63.
const Writable = 3
const ReadOnly = 1
const LargeWritable = 0x83
const NoExecuteHigh = 0x80000000

// Where each table is in BootTables.
const Pml4 = 0
const LowPdpt = 0x1000
const HighPdpt = 0x2000
const HighPd = 0x3000
const ImagePt = 0x4000
const LowPds = 0x5000
const TableBytes = 0x9000

// CPUID: EDX of leaf 80000001h, and ECX of leaf 1.
const LongModeBits = 0x20100800                 // LM, NX, SYSCALL
const FeatureBits = 0x04982201                  // XSAVE, POPCNT, SSE4.2, SSE4.1, CX16, SSSE3, SSE3

const MultibootMagic = 0xE85250D6
const MultibootHeaderBytes = 48
const ComPort = 0x3F8
const VgaText = 0xB8000

section rodata '.boot.header'
align 8
var MultibootHeader dword = #MultibootMagic, 0, #MultibootHeaderBytes
data dword 0x100000000 - #MultibootMagic - #MultibootHeaderBytes
data word 3, 0                                  // entry address tag
data dword 12, @Multiboot, 0
data word 6, 0                                  // modules begin on a page
data dword 8
data word 0, 0                                  // end
data dword 8

section note '.note.Xen'
data dword 4, 8, 18                             // lengths of name and value; XEN_ELFNOTE_PHYS32_ENTRY
data byte 'Xen', 0
data qword @Pvh

section bss
align 4096
var ..BootTables byte[#TableBytes]
var ..BootStackGuard byte[#PageSize]
var ..BootStack byte[#StackBytes]
var ..BootStackTop byte[0]

section rodata '.boot.data'
align 8
var Gdt qword = 0, 0x00AF9A000000FFFF, 0x00CF92000000FFFF
var GdtPointer word = 23
data dword @Gdt
var NoLongMode byte = 'eros: this processor has no 64-bit mode with NX and SYSCALL: cannot run', 13, 10, 0
var NoFeatures byte = 'eros: this processor lacks SSE4.2, POPCNT, CMPXCHG16B or XSAVE: cannot run', 13, 10, 0

section text '.boot'
bits 32

naked function Multiboot {
    EBP = 1
    goto .Begin
}

naked function Pvh {
    EBP = 0
    goto .Begin
}

// EBX = boot information, EBP = protocol: both kept to the end.
naked function Begin {
    cli
    cld
    ESP = @..BootStackTopPhysical
    CheckProcessor()
    EDI = @..BssPhysical
    ECX = @..EndPhysical
    ECX - EDI
    ECX >> 2
    EAX = 0
    rep stosd
    MapMemory()
    MapImage()
    EnterLongMode()
}

// Leaf 80000001h exists on every processor with long mode; CPUID itself on all that are younger than the 486.
naked function CheckProcessor {
    +EBX
    EAX = 0x80000000
    cpuid
    ESI = @.NoLongMode
    if EAX < 0x80000001 goto .Refuse
    EAX = 0x80000001
    cpuid
    EDX & #LongModeBits
    if EDX != #LongModeBits goto .Refuse
    EAX = 1
    cpuid
    ESI = @.NoFeatures
    ECX & #FeatureBits
    if ECX != #FeatureBits goto .Refuse
    -EBX
    ret
}

// ESI = text. On the first line of the screen and on COM1, at whatever speed the firmware left it; then halts.
naked function Refuse {
    EDI = #VgaText
Next:
    EAX = [ESI] as byte
    if EAX = 0 goto Stop
    AH = 0x0F
    [EDI] = AX
    EDI + 2
    EDX = #ComPort + 5
    AH = AL
Wait:
    AL = Port[DX]
    AL ?& 0x20
    if 0 goto Wait
    AL = AH
    EDX = #ComPort
    Port[DX] = AL
    ESI++
    goto Next
Stop:
    hlt
    goto Stop
}

// The top tables, and 0 to 4 GB at its own address.
naked function MapMemory {
    ESI = @..BootTablesPhysical
    EAX = @[ESI + #LowPdpt + #Writable]
    [ESI + #Pml4] = EAX
    EAX = @[ESI + #HighPdpt + #Writable]
    [ESI + #Pml4 + 511 * 8] = EAX
    EAX = @[ESI + #HighPd + #Writable]
    [ESI + #HighPdpt + 510 * 8] = EAX
    EAX = @[ESI + #ImagePt + #Writable]
    [ESI + #HighPd] = EAX
    EAX = @[ESI + #LowPds + #Writable]
    ECX = 0
    while ECX < 4 {
        [ESI + ECX*8 + #LowPdpt] = EAX
        EAX + #PageSize
        ECX++
    }
    EAX = #LargeWritable
    ECX = 0
    while ECX < 2048 {
        [ESI + ECX*8 + #LowPds] = EAX
        EAX + #LargePage
        ECX++
    }
    ret
}

// The image at KernelBase, page by page, with the rights of each part; the page below the boot stack stays absent.
naked function MapImage {
    EDI = #NoExecuteHigh
    EAX = @..TextPhysical
    ECX = @..RodataPhysical
    EAX + #ReadOnly
    EDX = 0
    MapRange()
    ECX = @..DataPhysical
    EDX = EDI
    MapRange()
    EAX + #Writable - #ReadOnly
    ECX = @..EndPhysical
    MapRange()
    ECX = @..BootStackGuardPhysical
    ECX >> 9
    EAX = 0
    [ESI + ECX + #ImagePt] = EAX
    [ESI + ECX + #ImagePt + 4] = EAX
    ret
}

// EAX = first address + low bits of its entry, ECX = end, EDX = high half of the entries, ESI = tables.
// Moves EAX to the end.
naked function MapRange {
    +EBX
    while EAX < ECX {
        EBX = EAX
        EBX >> 12
        [ESI + EBX*8 + #ImagePt] = EAX
        [ESI + EBX*8 + #ImagePt + 4] = EDX
        EAX + #PageSize
    }
    -EBX
    ret
}

// SDM volume 3, 9.8.5: PAE, CR3, EFER.LME, then CR0.PG.
naked function EnterLongMode {
    EAX = CR4
    EAX | 0x406A0                               // OSXSAVE, OSXMMEXCPT, OSFXSR, PGE, PAE
    CR4 = EAX
    CR3 = ESI
    ECX = 0xC0000080                            // EFER: NXE, LME
    rdmsr
    EAX | 0x900
    wrmsr
    EAX = CR0
    EAX & 0x9FFFFFF3                            // caches on, no emulation, no lazy vector state
    EAX | 0x80010023                            // PG, WP, NE, MP, PE
    CR0 = EAX
    lgdt [.GdtPointer]
    goto far 8:.Long
}

bits 64

naked function Long {
    EAX = 0x10
    DS = AX
    ES = AX
    SS = AX
    EAX = 0
    FS = AX
    GS = AX
    RAX = absolute @.High
    goto RAX
}

section text

naked function High {
    RSP = @..BootStackTop
    EDI = EBX
    ESI = EBP
    EBP = 0
    call ..KernelEntry
    Stop:
    cli
    hlt
    goto Stop
}
