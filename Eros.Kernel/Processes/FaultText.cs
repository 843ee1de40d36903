// FaultText: faults in words, for the one line that a stopped process leaves on the console.

using Eros.Persistence.Layout;

namespace Eros.Kernel.Processes;

/// <summary>Names faults.</summary>
public static class FaultText
{
    public static string Of(FaultCode code) => code switch
    {
        FaultCode.InvalidAddress => "no page",
        FaultCode.Access => "no right to the page",
        FaultCode.SpaceTooDeep => "space too deep",
        FaultCode.MalformedSpace => "malformed space",
        FaultCode.NoSpace => "no space",
        FaultCode.NoSchedule => "no schedule",
        FaultCode.Divide => "divide by zero",
        FaultCode.Debug => "debug trap",
        FaultCode.Breakpoint => "breakpoint",
        FaultCode.Overflow => "overflow",
        FaultCode.BadOpcode => "bad instruction",
        FaultCode.GeneralProtection => "general protection",
        FaultCode.FloatingPoint => "floating-point error",
        FaultCode.Alignment => "misaligned access",
        FaultCode.BadObject => "bad object",
        _ => "fault",
    };
}
