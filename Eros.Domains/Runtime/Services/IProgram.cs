using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Orders of a program that are passed on without a stub.</summary>
public static class ProgramOrder
{
    public const uint Run = 1;

    /// <summary>Bytes of arguments and of output.</summary>
    public const int MaxString = 16384;
}

/// <summary>What the shell's run command calls.</summary>
[MaxString(ProgramOrder.MaxString)]
public interface IProgram : ICapability
{
    /// <summary>Runs with what was typed after the name; the output is printed as it is.</summary>
    [Order(ProgramOrder.Run)]
    Result Run(string arguments, out string output);
}
