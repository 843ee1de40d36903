using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>What a program shows in its window.</summary>
public interface IPane : ICapability
{
    /// <summary>The window's lines, as they are now.</summary>
    [Order(1)]
    Result Draw(out string lines);

    /// <summary>BadArgument when the program does not know the command, or cannot obey it now.</summary>
    [Order(2)]
    Result Obey(string command);
}
