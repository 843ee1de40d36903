namespace Eros.Domains.Runtime;

/// <summary>A shell: it serves nobody, but is a product like others.</summary>
public interface IShell : ICapability;
