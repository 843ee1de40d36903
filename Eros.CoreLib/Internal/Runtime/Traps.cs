// Helpers that end in the host's ErosFail, and the stubs for transitions from unmanaged code, of which there are none.

using System.Runtime;

namespace Internal.Runtime;

internal static class Traps
{
    [RuntimeExport("RhpFallbackFailFast")]
    private static void StackBufferOverrun() => Host.Fail(FailCode.StackBufferOverrun);

    // The compiler always emits one library start-up stub around these two; nothing calls it.
    [RuntimeExport("RhpReversePInvoke")]
    private static void EnterManaged()
    {
    }

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void LeaveManaged()
    {
    }
}
