using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>What the shell's run command calls.</summary>
[MaxString(16384)]
public interface IProgram : ICapability
{
    /// <summary>Runs with what was typed after the name; the output is printed as it is.</summary>
    [Order(1)]
    Result Run(string arguments, out string output);
}
