// ScribeDomain: makes a page durable whenever it is told that somebody has written into it. It waits for the disk so
// that who writes need not; what is written meanwhile is made durable by the next turn. For that one order it holds all
// of the machine's persistence, and nobody can ask it for anything else.

using Eros.Domains.Runtime;

namespace Eros.Domains.Scribe;

/// <summary>One page's scribe.</summary>
[Domain]
public sealed partial class ScribeDomain : Domain
{
    [Capability]
    internal partial ICheckpoint Checkpoint { get; }

    [Capability]
    internal partial IPage Page { get; }

    // Where it cannot be done, nothing is durable, and the kernel has said so.
    protected override void Notified(uint bits) => Checkpoint.JournalPage(Page);
}
