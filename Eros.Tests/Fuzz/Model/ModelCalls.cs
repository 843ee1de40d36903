using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;
using Eros.Tests.Fuzz.Model.Types;

namespace Eros.Tests.Fuzz.Model;

/// <summary>The one system call.</summary>
internal sealed class ModelCalls(ModelWorld world)
{
    private const int ReplyArgument = 3;

    /// <summary>The invocation that was made last, for the table of what was reached.</summary>
    public Ask? Last { get; private set; }

    /// <summary>The process that runs invokes what its registers say. Returns how it ended.</summary>
    public Ending SystemCall()
    {
        ModelFrame from = world.Current!;
        ref ProcessFrame frame = ref from.Process;
        var word = new InvocationWord(frame.Rax);
        uint length = (uint)frame.R10;
        Last = null;
        if (!word.IsWellFormed || length > InvocationWord.MaxString)
        {
            Content refusal = default;
            refusal.Order = (uint)Result.BadArgument;
            world.Touch(from);
            Deliver(from, refusal);
            return Ending.Answered;
        }

        var ask = new Ask
        {
            From = from,
            Kind = word.Kind,
            Invoked = frame.Registers[word.Invoked],
            StringAt = frame.R9,
            StringLength = (int)length,
        };
        ask.Sent.Order = frame.Rdi;
        ask.Sent.Word1 = frame.Rsi;
        ask.Sent.Word2 = frame.Rdx;
        ask.Sent.Word3 = frame.R8;
        ask.Sent.Argument0 = frame.Registers[word.SendRegister(0)];
        ask.Sent.Argument1 = frame.Registers[word.SendRegister(1)];
        ask.Sent.Argument2 = frame.Registers[word.SendRegister(2)];
        ask.Sent.Argument3 = frame.Registers[word.SendRegister(ReplyArgument)];
        Last = ask;
        Run(ask);
        if (ask.Ending == Ending.SenderFault)
        {
            world.Touch(from).Process.Rip -= InvocationWord.InstructionBytes;
            world.Faults.PageFault(from, ask.FaultAddress, Access.Read);
        }

        return ask.Ending;
    }

    /// <summary>The kernel calls a keeper for the process that runs, or would. False: there is none.</summary>
    public bool Tell(
        ModelFrame from, in Capability keeper, FaultCode code, ulong address, ulong info, in Capability node)
    {
        var ask = new Ask { From = from, Kind = InvocationKind.Call, IsFault = true, Invoked = keeper };
        ask.Sent.Order = InvocationWord.FaultOrder;
        ask.Sent.Word1 = (ulong)code;
        ask.Sent.Word2 = address;
        ask.Sent.Word3 = info;
        ask.Sent.Argument0 = node;
        ask.Reply.Order = (uint)Dispatch(ask);
        if (ask.Ending == Ending.Answered)
        {
            return false;
        }

        Settle(ask);
        return true;
    }

    /// <summary>Has the object, or the process, that is invoked do its part.</summary>
    public Result Dispatch(Ask ask)
    {
        TypeModel model = TypeModel.Of(ask.Invoked.Type);
        if (ask.IsFault && ask.Invoked.Type is not (CapabilityType.Start or CapabilityType.Forwarder))
        {
            return Result.VoidCapability;
        }

        if (!model.PassesOn && !KnowReply(ask))
        {
            return Result.Ok;
        }

        ModelFrame? frame = null;
        return model.NamesObject && !TryFind(ask, ask.Invoked, Result.VoidCapability, out frame)
            ? Result.Ok
            : model.Answer(world, ask, frame!);
    }

    /// <summary>False: the invocation has ended; an argument that names nothing is answered by <paramref
    /// name="ifNothing"/>.</summary>
    public bool TryFind(Ask ask, in Capability capability, Result ifNothing, out ModelFrame? frame)
    {
        Found found = world.Find(capability, out frame);
        if (found == Found.Object)
        {
            return true;
        }

        if (found == Found.Nothing)
        {
            Refuse(ask, ifNothing);
        }
        else
        {
            Load(ask, capability.Oid.Frame);
        }

        return false;
    }

    /// <summary>Gives a capability that is only shown, or void if what it stands for is gone. False: the invocation has
    /// ended.</summary>
    public bool TryFreshen(Ask ask, in Capability shown, out Capability fresh)
    {
        fresh = shown;
        bool isAlive = shown.Type is > CapabilityType.Void and < CapabilityType.ConsoleSession
            || (shown.Type == CapabilityType.ConsoleSession && world.Console.IsOpen(shown))
            || shown.Type is CapabilityType.DeviceGrant or CapabilityType.ReserveGrant
            || (shown.Type is CapabilityType.DeviceMemory or CapabilityType.IoPort or CapabilityType.Interrupt
                && shown.Version == world.BootEpoch);
        if (TypeModel.Of(shown.Type).NamesObject)
        {
            Found found = world.Find(shown, out ModelFrame? frame);
            if (found == Found.Absent)
            {
                Load(ask, shown.Oid.Frame);
                return false;
            }

            isAlive = found == Found.Object && shown.Type switch
            {
                CapabilityType.Resume => frame!.Process.RunState == RunState.Waiting,
                CapabilityType.FaultResume => frame!.Process.RunState is RunState.Waiting or RunState.Faulted,
                _ => true,
            };
        }

        fresh = isAlive ? shown : Capability.Void;
        return true;
    }

    /// <summary>Waits for a frame; if it is known that it cannot be read, answers so.</summary>
    public void Load(Ask ask, ulong frame)
    {
        if (ask.From.Unreadable == frame)
        {
            Refuse(ask, Result.BadObject);
        }
        else
        {
            Wait(ask, StallReason.Load, frame);
        }
    }

    /// <summary>The invoker waits, and repeats the call. A prompt kind is dropped instead, but for what the kernel
    /// itself will do.</summary>
    public Result Wait(Ask ask, StallReason reason, ulong key = 0)
    {
        bool isPrompt = ask.Kind is InvocationKind.Return or InvocationKind.Reply;
        if (isPrompt && reason != StallReason.Load)
        {
            return ask.End(Ending.Silent);
        }

        if (!ask.IsFault)
        {
            world.Touch(ask.From).Process.Rip -= InvocationWord.InstructionBytes;
        }

        world.Stall(reason, key);
        return ask.End(Ending.Stalled);
    }

    /// <summary>Ends with a result, which is wanted by nobody if the one to be answered must be loaded first.</summary>
    public void Refuse(Ask ask, Result result)
    {
        if (KnowReply(ask))
        {
            ask.Reply.Order = (uint)result;
            ask.IsRefused = true;
        }
    }

    /// <summary>The answer comes when the time does.</summary>
    public Result AnswerLater(Ask ask, ulong until)
    {
        if (ask.ReplyTo is { } process)
        {
            world.Touch(process).Process.CallCount += process == ask.From ? 0u : 1u;
            world.Sleep(process, until);
        }

        return ask.End(Ending.Silent);
    }

    /// <summary>The message goes to a process, which has been found to take it.</summary>
    public Result DeliverTo(Ask ask, ModelFrame receiver, uint payload, int room)
    {
        if (ask.Kind == InvocationKind.Call)
        {
            CapabilityType type = ask.IsFault ? CapabilityType.FaultResume : CapabilityType.Resume;
            ask.Sent.Argument3 = Capability.Resume(Oid.Of(ask.From.Number), ask.From.Process.CallCount, type);
        }

        world.Strings.Copy(ask, receiver, room);
        ask.Sent.Tag = payload;
        ModelStrings.SetLengths(ref ask.Sent, ask.StringLength, room);
        world.Touch(receiver);
        Deliver(receiver, ask.Sent);
        ask.Receiver = receiver;
        return ask.End(Ending.Delivered);
    }

    public static void DeliverNotifications(ModelFrame process)
    {
        Content content = default;
        content.Order = InvocationWord.NotificationOrder;
        content.Word1 = process.Process.Notifications;
        content.Tag = InvocationWord.ReceivedNotification;
        process.Process.Notifications = 0;
        Deliver(process, content);
    }

    /// <summary>Stores a message where the process, which must have been touched, said that it wants it.</summary>
    public static void Deliver(ModelFrame process, in Content content)
    {
        ref ProcessFrame frame = ref process.Process;
        var waiting = new InvocationWord(frame.Rax);
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            if (waiting.ReceiveRegister(i) != 0)
            {
                frame.Registers[waiting.ReceiveRegister(i)] = content.Argument(i);
            }
        }

        frame.Rdi = content.Order;
        frame.Rsi = content.Word1;
        frame.Rdx = content.Word2;
        frame.R8 = content.Word3;
        frame.Rax = content.Tag;
        frame.R10 = content.Lengths;
        frame.RunState = RunState.Running;
    }

    private void Run(Ask ask)
    {
        Result result = Dispatch(ask);
        if (ask.Ending == Ending.Answered && !ask.IsRefused)
        {
            ask.Reply.Order = (uint)result;
        }

        Settle(ask);
    }

    /// <summary>Finds whom an object of the kernel answers. False: he must be loaded first.</summary>
    private bool KnowReply(Ask ask)
    {
        if (ask.IsReplyKnown)
        {
            return true;
        }

        ask.IsReplyKnown = true;
        if (ask.Kind == InvocationKind.Call)
        {
            ask.ReplyTo = ask.From;
            return true;
        }

        Capability resume = ask.Sent.Argument3;
        if (resume.Type != CapabilityType.Resume)
        {
            return true;
        }

        Found found = world.Find(resume, out ModelFrame? process);
        if (found == Found.Absent && ask.From.Unreadable != resume.Oid.Frame)
        {
            Wait(ask, StallReason.Load, resume.Oid.Frame);
            return false;
        }

        if (found == Found.Object && process!.Process.RunState == RunState.Waiting)
        {
            ask.ReplyTo = process;
            ask.ReplyCount = resume.Count;
        }

        return true;
    }

    private void Settle(Ask ask)
    {
        if (ask.Ending is Ending.Stalled or Ending.SenderFault or Ending.PoweredOff)
        {
            return;
        }

        bool lives = world.Current == ask.From;
        bool leaves = lives && ask.Kind is InvocationKind.Return or InvocationKind.Delegate;
        if (lives)
        {
            ask.From.Unreadable = null;
        }

        ModelFrame? next = ask.Ending == Ending.Answered ? Reply(ask, lives) : ask.Receiver;
        if (ask.Started is { } started)
        {
            if (next == null && leaves)
            {
                next = started;
            }
            else
            {
                world.Start(started);
            }
        }

        if (leaves)
        {
            if (next == null)
            {
                world.Drop();
            }
            else
            {
                world.Hand(next);
            }

            world.BecomeAvailable(ask.From);
        }
        else if (next != null && lives && ask.Kind == InvocationKind.Call)
        {
            world.Touch(ask.From).Process.RunState = RunState.Waiting;
            world.Hand(next);
        }
        else if (next != null)
        {
            world.Start(next);
        }
    }

    /// <summary>Returns who runs because of the answer, unless it is the invoker.</summary>
    private ModelFrame? Reply(Ask ask, bool lives)
    {
        ModelFrame? process = ask.ReplyTo;
        if (process == null || (ask.Kind == InvocationKind.Call && !lives))
        {
            return null;
        }

        if (ask.Kind == InvocationKind.Call)
        {
            world.Touch(process);
            Deliver(process, ask.Reply);
            return null;
        }

        bool waits = process.Kind == FrameKind.Process
            && process.Process.RunState == RunState.Waiting
            && process.Process.CallCount == ask.ReplyCount;
        if (!waits)
        {
            return null;
        }

        world.Touch(process).Process.CallCount++;
        Deliver(process, ask.Reply);
        return process;
    }
}
