using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A terminal that outlives restarts: what the session agent offers to programs.</summary>
[MaxString(1024)]
public interface ITerminal : ICapability
{
    /// <summary>Writes text; a line that is being typed is drawn again below it.</summary>
    [Order(1)]
    Result Write(string text);

    /// <summary>Shows a prompt and waits for a line. Busy while somebody else waits for one.</summary>
    [Order(2)]
    Result ReadLine(string prompt, out string line);
}

/// <summary>Whoever must know that the machine was restarted.</summary>
public interface IRestartObserver : ICapability
{
    [Order(1)]
    Result Restarted();
}
