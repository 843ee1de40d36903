using System;

namespace Eros.Build.Cli;

/// <summary>Something that the user can mend. The message says what is wrong and what to do; it is all that is
/// shown.</summary>
internal sealed class UserError : Exception
{
    internal UserError(string message)
        : base(message)
    {
    }
}
