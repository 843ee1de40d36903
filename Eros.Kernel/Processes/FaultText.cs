// FaultText: faults in words, for the one line that a stopped process leaves on the console.

using System;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Processes;

/// <summary>Names faults.</summary>
public static class FaultText
{
    // Of the codes 0 to 6, 16 to 23, 32 and 33, in this order, each with a full stop.
    private const int FirstException = 16;
    private const int FirstOther = 32;
    private const int SpaceFaults = 7;
    private const int Exceptions = 8;

    private static ReadOnlySpan<byte> Texts =>
        "fault.no page.no right to the page.space too deep.malformed space.no space.no schedule."u8
        + "divide by zero.debug trap.breakpoint.overflow.bad instruction.general protection."u8
        + "floating-point error.misaligned access.bad object.system call."u8;

    public static ReadOnlySpan<byte> Of(FaultCode code)
    {
        int number = (int)code;
        number = number < FirstException ? number
            : number < FirstOther ? number - FirstException + SpaceFaults
            : number - FirstOther + SpaceFaults + Exceptions;
        int first = 0;
        int last = 0;
        while (Texts[last] != (byte)'.')
        {
            last++;
            if (Texts[last] == (byte)'.' && number-- > 0 && last + 1 < Texts.Length)
            {
                first = ++last;
            }
        }

        return Texts[first..last];
    }
}
