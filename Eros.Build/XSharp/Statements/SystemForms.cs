// System registers and privileged instructions (Intel SDM volume 2; volume 3, chapters 2 to 6).

namespace Eros.Build.XSharp;

internal static class SystemForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        // Registers that have no other instruction than a move.
        new("CR = Rn", "mov CR,Rn", Mode.Ours),
        new("Rn = CR", "mov Rn,CR", Mode.Ours),
        new("SR = R16", "mov SR,R16", Mode.Ours) { Check = NotCodeSegment },
        new("R16 = SR", "mov R16,SR", Mode.Ours),

        // Descriptor tables, the task register, the TLB.
        new("lgdt M", "lgdt M", Mode.Ours),
        new("sgdt M", "sgdt M", Mode.Ours),
        new("lidt M", "lidt M", Mode.Ours),
        new("sidt M", "sidt M", Mode.Ours),
        new("ltr R16", "ltr R16", Mode.Ours),
        new("lldt R16", "lldt R16", Mode.Ours),
        new("invlpg M", "invlpg M", Mode.Ours),

        // Model-specific registers: ECX is the number, EDX:EAX the value.
        new("rdmsr", "rdmsr", Mode.Ours),
        new("wrmsr", "wrmsr", Mode.Ours),
        new("Rn = FSBASE", "rdfsbase Rn", Mode.Bits64),
        new("FSBASE = Rn", "wrfsbase Rn", Mode.Bits64),
        new("Rn = GSBASE", "rdgsbase Rn", Mode.Bits64),
        new("GSBASE = Rn", "wrgsbase Rn", Mode.Bits64),
        new("swapgs", "swapgs", Mode.Bits64),

        // Crossing rings.
        new("iretq", "iretq", Mode.Bits64),
        new("syscall", "syscall", Mode.Bits64),
        new("sysret", "o64 sysret", Mode.Bits64),
        new("stac", "stac", Mode.Ours),
        new("clac", "clac", Mode.Ours),

        // Interrupts, time, identification.
        new("cli", "cli", Mode.Ours),
        new("sti", "sti", Mode.Ours),
        new("hlt", "hlt", Mode.Ours),
        new("int n", "int n", Mode.Ours) { Check = NeedsVector },
        new("ud2", "ud2", Mode.Ours),
        new("rdtsc", "rdtsc", Mode.Ours),
        new("cpuid", "cpuid", Mode.Ours),
    ];

    private static void NotCodeSegment(Translator translator, Statement statement)
    {
        if (statement.Operands["SR"].Text == "CS")
        {
            translator.Error(XSharpErrorCode.WrongRegister, statement.Column,
                "expected a segment register other than CS: it is loaded by 'return far'");
        }
    }

    private static void NeedsVector(Translator translator, Statement statement)
    {
        if (statement.ConstantOf("n").Value is not { } vector || vector < 0 || vector > 255)
        {
            translator.Error(XSharpErrorCode.ConstantTooLarge, statement.Operands["n"].Column,
                "expected a vector from 0 to 255");
        }
    }
}
