using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// Makes processes that it knows again: who holds the creator can turn a start capability of one of them into its
/// process capability, and nobody else can tell one creator's processes from another's.
/// </summary>
public interface IProcessCreator : ICapability
{
    /// <summary>
    /// A process with nothing in it, bought from <paramref name="bank"/>. NoAccess when that is no bank of the
    /// system's, otherwise what the bank answers.
    /// </summary>
    [Order(1)]
    Result Create(ISpaceBank bank, out IProcess process);

    /// <summary>
    /// The process of a start capability. NoAccess when it is not of this creator's making; it is not invoked.
    /// </summary>
    [Order(2)]
    Result Amplify(ICapability start, out IProcess process);
}

/// <summary>Makes process creators.</summary>
public interface IProcessCreators : ICapability
{
    /// <summary>
    /// A creator that none was before. It lasts as long as the node that it costs <paramref name="bank"/>.
    /// NoAccess when that is no bank of the system's.
    /// </summary>
    [Order(1)]
    Result MakeCreator(ISpaceBank bank, out IProcessCreator creator);
}
