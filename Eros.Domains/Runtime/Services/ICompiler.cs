using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A compiler that bills its customers.</summary>
public interface ICompiler : ICapability
{
    /// <summary>
    /// Compiles a job, "NAME: SOURCE", and writes the code into <paramref name="output"/>. BadArgument when that is
    /// no page; otherwise what the page answers.
    /// </summary>
    [Order(1)]
    Result Compile(string job, IPage output);
}

/// <summary>The same service where files have names, and whoever serves looks them up.</summary>
public interface IFileCompiler : ICapability
{
    /// <summary>Compiles "SOURCE -o NAME".</summary>
    [Order(1)]
    Result Compile(string command);

    /// <summary>What is in a file; BadArgument when there is none of the name.</summary>
    [Order(2)]
    Result Read(string name, out string contents);
}
