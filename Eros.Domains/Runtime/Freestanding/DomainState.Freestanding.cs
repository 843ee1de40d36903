namespace Eros.Domains.Runtime;

public sealed partial class DomainState
{
    private static DomainState? _current;

    /// <summary>The state of the one domain of this image.</summary>
    public static DomainState Current => _current ??= new DomainState();

    /// <summary>A buffer that never moves; nothing in this heap does.</summary>
    public static byte[] NewBuffer(int bytes) => new byte[bytes];
}
