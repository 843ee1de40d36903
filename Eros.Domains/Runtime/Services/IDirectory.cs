using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Results of directories.</summary>
public static class DirectoryResult
{
    public const Result Exists = (Result)1;
    public const Result NotFound = (Result)2;

    /// <summary>Bytes of a name, UTF-8.</summary>
    public const int MaxName = 255;
}

/// <summary>Capabilities by name, for reading.</summary>
[MaxString(DirectoryResult.MaxName)]
public interface IDirectoryReader : ICapability
{
    /// <summary>The capability under a name; NotFound.</summary>
    [Order(1)]
    Result Lookup(string name, out ICapability thing);

    /// <summary>The <paramref name="index"/>th name in the order of their making, from 0; NotFound behind the last.
    /// </summary>
    [Order(2)]
    Result NameAt(uint index, out string name);
}

/// <summary>
/// Names for capabilities: one flat directory. What is entered is kept and given out again, and never invoked, so a
/// directory in a directory is just another capability.
/// </summary>
[MaxString(DirectoryResult.MaxName)]
public interface IDirectory : ICapability
{
    /// <inheritdoc cref="IDirectoryReader.Lookup"/>
    [Order(1)]
    Result Lookup(string name, out ICapability thing);

    /// <inheritdoc cref="IDirectoryReader.NameAt"/>
    [Order(2)]
    Result NameAt(uint index, out string name);

    /// <summary>Enters a capability under a name. Exists when it is taken, BadArgument for an empty or too long name,
    /// LimitReached when the bank has no more.</summary>
    [Order(3)]
    Result Link(string name, ICapability thing);

    /// <summary>Takes a name away; NotFound.</summary>
    [Order(4)]
    Result Unlink(string name);

    /// <summary>The same directory for who may only read it.</summary>
    [Order(5)]
    Result Reader(out IDirectoryReader reader);
}
