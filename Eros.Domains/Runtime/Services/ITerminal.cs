using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A terminal that outlives restarts: what the session agent offers to programs.</summary>
[MaxString(1024)]
public interface ITerminal : ICapability
{
    /// <summary>Writes text; a line that is being typed is drawn again below it.</summary>
    [Order(1)]
    Result Write(string text);

    /// <summary>
    /// Shows a prompt and waits for a line. Busy while somebody else waits for one, Cancelled by Ctrl-C.
    /// </summary>
    [Order(2)]
    Result ReadLine(string prompt, out string line);
}

/// <summary>The terminal's Ctrl-C, for who calls what may never answer.</summary>
[MaxString(ProgramOrder.MaxString)]
public interface IForeground : ICapability
{
    /// <summary>
    /// Has a program run, and waits for its answer or for Ctrl-C: then the result is Cancelled, and what the program
    /// answers later reaches nobody. Busy while somebody else's request has not been delivered.
    /// </summary>
    [Order(ProgramOrder.Run)]
    Result Run(IProgram program, string arguments, out string output);
}

/// <summary>Whoever must know that the machine was restarted.</summary>
public interface IRestartObserver : ICapability
{
    [Order(1)]
    Result Restarted();
}
