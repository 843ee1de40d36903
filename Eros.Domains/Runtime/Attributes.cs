// The marks that the generator (Eros.Build/Generator) looks for.

using System;

namespace Eros.Domains.Runtime;

/// <summary>
/// A capability of any type. An interface that extends it is a capability interface: its methods are orders.
/// </summary>
public interface ICapability;

/// <summary>The order code of a method, the same for ever: it is what callers of other generations send.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrderAttribute(uint order) : Attribute
{
    public uint Order { get; } = order;
}

/// <summary>The caller does not wait, and nothing comes back.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>Longest string of an answer, bytes; 4096 if nothing is said. Longer ones arrive cut.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class MaxStringAttribute(int bytes) : Attribute
{
    public int Bytes { get; } = bytes;
}

/// <summary>
/// A partial property that the composition binds to a capability, or a <see cref="MappedPage"/> to a page.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CapabilityAttribute : Attribute;

/// <summary>The class of a domain: one in each domain project.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DomainAttribute : Attribute;
