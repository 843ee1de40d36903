// Instructions of x86-64: each method is one instruction that the compiler puts in its place. Images are compiled for
// x86-64-v2, so IsSupported is the constant true; the kernel's entry refuses lesser processors.

using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

[Intrinsic]
public abstract class X86Base
{
    public static bool IsSupported => IsSupported;

    public static void Pause() => Pause();

    [Intrinsic]
    public abstract class X64
    {
        public static bool IsSupported => IsSupported;
    }
}
