// Invoker: the general path of every invocation, from the invoker's registers to whoever runs next.
//
//   Message.Begin ─▶ CapabilityTable: the handler decodes, commits, performs ─▶ Settle
//
// Settling, by how the handler ended and by kind:
//              Answered (kernel object)             Delivered (process)               Silent
//   Call       answer to the invoker, it runs on    invoker Waiting, receiver runs    invoker waits in the kernel
//   Send,      answer to argument 3, it runs        receiver runs                     -
//   Reply
//   Return,    answer to argument 3, it runs;       receiver runs;                    invoker Available
//   Delegate   invoker Available                    invoker Available
//   Stalled, SenderFault, NoKeeper: nothing has happened.
//
// The operation may have ended its own invoker, or whom it was to answer, or made either stop. So nothing that was
// found before it is believed after it: the invoker has gone on living if its activity is still on the processor, and
// the answer is due if the same call is still waited in.

using Eros.Kernel.Capabilities;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Invocation;

/// <summary>Runs invocations.</summary>
public sealed class Invoker
{
    private readonly Kernel _kernel;
    private readonly Message _message;

    public Invoker(Kernel kernel)
    {
        _kernel = kernel;
        _message = new Message(kernel);
    }

    /// <summary>Does what the current process's registers ask for. SenderFault: it cannot read its own string at
    /// <paramref name="faultAddress"/>.</summary>
    public Verdict Run(int process, out ulong faultAddress)
    {
        _kernel.Counters.Values.Invocations++;
        if (!_message.Begin(process))
        {
            faultAddress = 0;
            _message.Reply.Order = (uint)Result.BadArgument;
            Delivery.Deliver(ref _kernel.Objects.Process(process), ref _message.Reply);
            return Verdict.Answered;
        }

        Settle(CapabilityTable.Invoke(_message));
        faultAddress = _message.FaultAddress;
        return _message.Verdict;
    }

    /// <summary>Calls a keeper for the current process, which has faulted; a space's keeper gets the node that holds
    /// it. Delivered: it waits now. Stalled: it waits for the keeper. NoKeeper: nobody is there.</summary>
    public Verdict Tell(
        int process, in Capability keeper, FaultCode code, ulong address, ulong info, in Capability node)
    {
        _message.BeginFault(process, keeper, code, address, info);
        _message.Sent.Arguments[0] = node;
        Settle(CapabilityTable.Invoke(_message));
        return _message.Verdict;
    }

    private void Settle(Verdict verdict)
    {
        if (verdict is Verdict.Stalled or Verdict.SenderFault or Verdict.NoKeeper)
        {
            return;
        }

        bool lives = ProcessControl.Current(_kernel) == _message.Invoker;
        bool leaves = lives && _message.Kind is InvocationKind.Return or InvocationKind.Delegate;
        if (lives)
        {
            ProcessControl.Forget(_kernel);
        }

        int next = verdict == Verdict.Answered ? Answer(lives) : _message.Receiver;
        if (_message.Started != Message.Nobody)
        {
            if (next == Message.Nobody && leaves)
            {
                next = _message.Started;
            }
            else
            {
                ProcessControl.Start(_kernel, _message.Started);
            }
        }

        if (leaves)
        {
            Leave(next);
        }
        else if (next != Message.Nobody)
        {
            RunNext(next, lives);
        }
    }

    /// <summary>
    /// The invoker's activity goes to <paramref name="next"/>, or ends; the invoker becomes Available.
    /// </summary>
    private void Leave(int next)
    {
        if (next == Message.Nobody)
        {
            ProcessControl.Drop(_kernel);
        }
        else
        {
            ProcessControl.Hand(_kernel, next);
        }

        ProcessControl.BecomeAvailable(_kernel, _message.Invoker);
    }

    private void RunNext(int next, bool lives)
    {
        if (lives && _message.Kind == InvocationKind.Call)
        {
            _kernel.Objects.Process(_message.Invoker).RunState = RunState.Waiting;
            ProcessControl.Hand(_kernel, next);
        }
        else
        {
            ProcessControl.Start(_kernel, next);
        }
    }

    /// <summary>
    /// Delivers a kernel object's answer. Returns the process that runs because of it, unless it is the invoker.
    /// </summary>
    private int Answer(bool lives)
    {
        int process = _message.ReplyTo;
        if (process == Message.Nobody || (_message.Kind == InvocationKind.Call && !lives))
        {
            return Message.Nobody;
        }

        ref ProcessFrame frame = ref _kernel.Objects.Process(process);
        if (_message.Kind == InvocationKind.Call)
        {
            Delivery.Deliver(ref frame, ref _message.Reply);
            return Message.Nobody;
        }

        bool waits = _kernel.Frames[process].Kind == FrameKind.Process
            && frame.RunState == RunState.Waiting
            && frame.CallCount == _message.ReplyCount;
        if (!waits)
        {
            return Message.Nobody;
        }

        frame.CallCount++;
        Delivery.Deliver(ref frame, ref _message.Reply);
        return process;
    }
}
