namespace Eros.Kernel.Protocol;

/// <summary>The number of everything in this folder: a volume whose domains were made for another one is
/// refused.</summary>
public static class ProtocolVersion
{
    public const uint Current = 2;
}
