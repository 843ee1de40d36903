namespace Eros.Domains.Runtime;

/// <summary>A number that goes up.</summary>
public interface ICounter : ICapability
{
    /// <summary>Adds one; what the number then is.</summary>
    [Order(1)]
    ulong Increment();
}
