using Eros.Tests.Programs;

namespace Features;

internal static class LanguageExtras
{
    private static readonly object _lock = new();

    public static void Lock(Output o)
    {
        lock (_lock)
        {
            lock (_lock)
            {
                o.Say("inside");
            }
        }
    }
}
