// ReleaserDomain: waits for commits and writes, in the place of a held port. The port itself can't wait: it takes what
// is sent meanwhile.
//
// What the port adds is what may be shown. A restart finds this process waiting, or in the middle of writing, as it was
// at a snapshot; and it goes on from there. So what it has written since then it writes once more.

using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Releaser;

/// <summary>Serves one held port.</summary>
[Domain]
public sealed partial class ReleaserDomain : Domain, IReleaser
{
    private readonly List<byte[]> _added = [];
    private IWriter _output = WriterClient.Void;
    private INotification _done = NotificationClient.Void;
    private bool _isPrompt;
    private Result _refusal = Result.Ok;

    [Capability]
    internal partial ICheckpoint Checkpoint { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    /// <inheritdoc/>
    public Result Begin(IWriter output, INotification done, bool isPrompt)
    {
        Capabilities.Keep(output);
        Capabilities.Keep(done);
        _output = output;
        _done = done;
        _isPrompt = isPrompt;
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Reached(out ulong committed)
    {
        Checkpoint.Generation(out committed, out _, out _);
        return _refusal;
    }

    /// <inheritdoc/>
    public Result Add(ReadOnlySpan<byte> bytes)
    {
        _added.Add(bytes.ToArray());
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result GoOn(ulong generation)
    {
        ReleaserServer.ReplyGoOn(Defer(), Result.Ok);
        foreach (byte[] bytes in _added)
        {
            Write(bytes);
        }

        _added.Clear();
        while (_refusal == Result.Ok && !IsCommitted(generation))
        {
            Sleep.For(Sleeps.RetryNs);
        }

        while (Sleep.PauseIfUnread(_done.Deliver()))
        {
        }

        return Result.Ok;
    }

    // A checkpoint that the disk refuses is another's business: nothing is lost here, nor shown. What was counted on as
    // the generation after it has not been begun then.
    private bool IsCommitted(ulong generation)
    {
        Checkpoint.Generation(out _, out ulong working, out _);
        if (_isPrompt && generation >= working)
        {
            Checkpoint.Take(out _);
        }

        return Checkpoint.WaitCommitted(generation) == Result.Ok;
    }

    private void Write(byte[] bytes)
    {
        while (_refusal == Result.Ok)
        {
            Result result = _output.Write(bytes);
            if (result == Result.Ok)
            {
                return;
            }

            bool isAway = result == Result.VoidCapability && !Capabilities.IsVoid(_output);
            if (isAway || result is Result.Busy or Result.Restarted or Result.BadObject)
            {
                Sleep.For(Sleeps.RetryNs);
            }
            else
            {
                _refusal = result;
            }
        }
    }
}
