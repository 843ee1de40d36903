// Stillness: the rest of the machine while it is measured. No checkpoint is taken but those that are asked for, and no
// less urgent program runs: a process that does nothing takes whatever time is left. So what is dirty at a snapshot
// does not depend on how long the disk took before it.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>Begins and ends it.</summary>
internal sealed class Stillness(ICheckpoint checkpoint, ChildMaker children)
{
    private readonly ICheckpoint _checkpoint = checkpoint;
    private readonly ChildMaker _children = children;
    private IProcess _rest = ProcessClient.Void;
    private ulong _intervalMs;

    /// <summary>NotDurable: there are no checkpoints.</summary>
    public Result Begin()
    {
        Result result = _checkpoint.Generation(out _, out _, out _intervalMs);
        result = result == Result.Ok ? _checkpoint.SetInterval(0) : result;

        // The interval that was under way ends with this checkpoint.
        ulong generation = 0;
        result = result == Result.Ok ? _checkpoint.Take(out generation) : result;
        result = result == Result.Ok ? _checkpoint.WaitSettled(generation) : result;
        if (result == Result.Ok)
        {
            _rest = _children.Make(Child.Rest);
            result = _rest.Run();
        }

        return result;
    }

    public void End()
    {
        _children.End(_rest);
        _checkpoint.SetInterval(_intervalMs);
    }
}
