using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A program that is run on somebody's data.</summary>
public interface IAlgorithm : ICapability
{
    /// <summary>BadArgument for data that it can do nothing with.</summary>
    [Order(1)]
    Result Run(string data, out string answer);
}

/// <summary>Somebody's letter box.</summary>
public interface IMailbox : ICapability
{
    /// <summary>Puts a letter in.</summary>
    [Order(1)]
    Result Post(string letter);

    /// <summary>Takes the oldest letter out; BadArgument when there is none.</summary>
    [Order(2)]
    Result Take(out string letter);
}
