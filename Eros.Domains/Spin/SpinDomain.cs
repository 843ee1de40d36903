// SpinDomain: a witness. It runs at the lowest priority and never makes a system call once it has begun; all that it
// knows is in general and vector registers, so it shows at once when one of them comes back wrong from a switch, a
// snapshot or a power cut.

using Eros.Domains.Runtime;

namespace Eros.Domains.Spin;

/// <summary>Steps a chain for ever and publishes where it is.</summary>
[Domain]
public sealed unsafe partial class SpinDomain : Domain
{
    [Capability]
    internal partial MappedPage Published { get; }

    protected override void Main() => SpinLoop.Run(Published.Address, SpinChain.Seed);
}
