using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// Tells a service which capabilities are of its own making, and gives it the full ones for them. The brand is what it
/// put into the brand slot of its processes; NoAccess for whatever does not have it.
/// </summary>
public interface IProcessTool : ICapability
{
    /// <summary>The process behind a start capability, and its payload.</summary>
    [Order(ProcessToolOrder.AmplifyStart)]
    Result AmplifyStart(ICapability start, ICapability brand, out uint payload, out IProcess process);

    /// <summary>The node of a space that a process with the brand keeps; it lacks the rights that the space does.
    /// </summary>
    [Order(ProcessToolOrder.AmplifySpace)]
    Result AmplifySpace(ICapability space, ICapability brand, out INode node);

    /// <summary>The node of a forwarder to a process with the brand, and its word.</summary>
    [Order(ProcessToolOrder.AmplifyForwarder)]
    Result AmplifyForwarder(ICapability forwarder, ICapability brand, out uint word, out INode node);

    /// <summary>True for start capabilities of processes with the same brand, whatever it is.</summary>
    [Order(ProcessToolOrder.SameBrand)]
    Result SameBrand(ICapability one, ICapability other, out bool isSame);
}

/// <summary>What a process is branded with. It is shown to the process tool, and otherwise only held.</summary>
public interface IBrand : ICapability;
