// Message: the one invocation that is under way: what was sent, what is answered, and what a handler may ask for.
//
// A handler has three parts, in this order, and its text shows them:
//   decode    checks everything, finds every object, makes dirty what it will change. Here, and only here, it may
//             answer an error or make the invoker wait (FindArgument, MakeDirty, OpenString and Wait do); then nothing
//             has changed, and the invoker repeats the call.
//   commit    one line: message.Commit().
//   perform   cannot fail and cannot wait.
// Nothing is held from one invocation to the next, so one object, made at boot, serves all.
//
// Invariants
//  I1 Nothing changes before Commit, nothing waits after it.
//  I2 Whatever the answer goes to has been made dirty before Commit.
//  I3 The message counts as copied out before anything of it is stored, so invoker and receiver may share everything.

using System.Runtime.CompilerServices;
using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Invocation;

/// <summary>What became of a message.</summary>
public enum Verdict : byte
{
    /// <summary>Nothing yet: a handler that leaves it so answers with the result that it returns.</summary>
    Open = 0,

    /// <summary>The answer goes to the caller, or to whom argument 3 can resume.</summary>
    Answered,

    /// <summary>A process received the message.</summary>
    Delivered,

    /// <summary>No answer: dropped, or it comes later.</summary>
    Silent,

    /// <summary>The invoker waits; nothing has changed.</summary>
    Stalled,

    /// <summary>The string that the invoker sends is not there; nothing has changed.</summary>
    SenderFault,

    /// <summary>A fault that no keeper stands behind the capability to hear of; nothing has changed.</summary>
    NoKeeper,
}

/// <summary>The capabilities of a message.</summary>
[InlineArray(InvocationWord.MaxCapabilities)]
public struct MessageCapabilities
{
    private Capability _argument0;
}

/// <summary>What a process receives: the registers of InvocationWord.</summary>
public struct MessageContent
{
    public ulong Order;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;

    /// <summary>rax on receipt.</summary>
    public ulong Tag;

    /// <summary>r10 on receipt.</summary>
    public ulong Lengths;
    public MessageCapabilities Arguments;
}

/// <summary>The invocation under way.</summary>
public sealed partial class Message(Kernel kernel)
{
    /// <summary>No process.</summary>
    public const int Nobody = -1;

    /// <summary>What a handler returns when the message has ended otherwise than by its answer.</summary>
    public const Result Ended = Result.Ok;

    private const int ReplyArgument = 3;

    /// <summary>The capability that is invoked. Forwarders replace it by their target.</summary>
    public Capability Invoked;

    /// <summary>What was sent.</summary>
    public MessageContent Sent;

    /// <summary>What a kernel object answers.</summary>
    public MessageContent Reply;


    private bool _isCommitted;
    private bool _isReplyReady;

    public Kernel Kernel { get; } = kernel;

    /// <summary>The process that invokes, or that faulted.</summary>
    public int Invoker { get; private set; }

    public InvocationKind Kind { get; private set; }

    /// <summary>True when the kernel speaks for a process that faulted.</summary>
    public bool IsFault { get; private set; }

    /// <summary>How it ended.</summary>
    public Verdict Verdict { get; private set; }

    /// <summary>Forwarders that were followed.</summary>
    public int Hops { get; set; }

    /// <summary>Who received the message, or Nobody.</summary>
    public int Receiver { get; private set; }

    /// <summary>A process that the operation made runnable and that has no activity yet, or Nobody.</summary>
    public int Started { get; set; }

    /// <summary>Whom a kernel object answers, or Nobody. Not the invoker of a Call unless it still runs.</summary>
    public int ReplyTo { get; private set; }

    /// <summary>The call that the answer ends, where <see cref="ReplyTo"/> is not the invoker.</summary>
    public ulong ReplyCount { get; private set; }

    /// <summary>
    /// Reads what the process at <paramref name="invoker"/> has in its registers. False: it makes no sense.
    /// </summary>
    public bool Begin(int invoker)
    {
        ref ProcessFrame frame = ref Process(invoker);
        InvocationWord word = new(frame.Rax);
        Clear(invoker, word.Kind);
        Sent.Order = frame.Rdi;
        Sent.Word1 = frame.Rsi;
        Sent.Word2 = frame.Rdx;
        Sent.Word3 = frame.R8;
        SetString(frame.R9, (uint)frame.R10);
        Invoked = Register(ref frame, word.Invoked);
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            Sent.Arguments[i] = Register(ref frame, word.SendRegister(i));
        }

        return word.IsWellFormed && _length <= InvocationWord.MaxString;
    }

    /// <summary>Speaks for a process that faulted: the message that its keeper gets.</summary>
    public void BeginFault(int process, in Capability keeper, FaultCode code, ulong address, ulong info)
    {
        Clear(process, InvocationKind.Call);
        IsFault = true;
        Invoked = keeper;
        Sent.Order = InvocationWord.FaultOrder;
        Sent.Word1 = (ulong)code;
        Sent.Word2 = address;
        Sent.Word3 = info;
        SetString(0, 0);
    }

    /// <summary>The line between checking and doing.</summary>
    public void Commit()
    {
        Fail.Unless(!_isCommitted, "an invocation commits twice"u8, Sent.Order);
        _isCommitted = true;
    }

    /// <summary>Closes the message with what the handler returned. The kernel, when it speaks for a process that
    /// faulted, wants a keeper and not an answer.</summary>
    public Verdict Close(Result result)
    {
        if (Verdict == Verdict.Open)
        {
            Reply.Order = (uint)result;
            Verdict = Verdict.Answered;
        }

        return Verdict = IsFault && Verdict == Verdict.Answered ? Verdict.NoKeeper : Verdict;
    }

    /// <summary>Answers with one capability.</summary>
    public Result Answer(in Capability capability)
    {
        Reply.Arguments[0] = capability;
        return Result.Ok;
    }

    /// <summary>What every kernel object does with orders that it has no operation for.</summary>
    public Result AnswerCommon()
    {
        if (Sent.Order != CommonOrder.TypeOf)
        {
            return Result.UnknownOrder;
        }

        Reply.Word1 = (ulong)Invoked.Type;
        Reply.Word2 = (ulong)Invoked.Rights;
        Reply.Word3 = Invoked.Data;
        return Result.Ok;
    }

    /// <summary>Ends; whoever would be answered waits in the kernel until a time, and is answered then.</summary>
    public Result AnswerLater(ulong wakeNs)
    {
        if (ReplyTo != Nobody)
        {
            Process(ReplyTo).CallCount += ReplyTo == Invoker ? 0 : 1ul;
            ProcessControl.Sleep(Kernel, ReplyTo, wakeNs);
        }

        return End(Verdict.Silent);
    }

    /// <summary>Ends with what a void capability answers.</summary>
    public Result AnswerVoid()
    {
        Refuse(Result.VoidCapability);
        return Ended;
    }

    /// <summary>The invoker waits, with its program counter on the call, and repeats it when it is woken. A prompt
    /// return or reply does not wait for what is outside the kernel's power: it ends instead.</summary>
    public Result Wait(StallReason reason, ulong key = 0)
    {
        Fail.Unless(!_isCommitted, "an invocation waits after its commit"u8, (ulong)reason);
        bool isPrompt = Kind is InvocationKind.Return or InvocationKind.Reply;
        if (isPrompt && reason is not (StallReason.Load or StallReason.Space))
        {
            return End(Verdict.Silent);
        }

        if (!IsFault)
        {
            Process(Invoker).Rip -= InvocationWord.InstructionBytes;
        }

        ProcessControl.StallCurrent(Kernel, reason, key);
        return End(Verdict.Stalled);
    }

    /// <summary>A process in memory.</summary>
    public ref ProcessFrame Process(int entry) => ref Kernel.Objects.Process(entry);

    /// <summary>Finds the object of the invoked capability. Nobody: the message has ended.</summary>
    public int Find() => Find(Invoked, Result.VoidCapability);

    /// <summary>
    /// Finds an argument's object; if it is void the answer is BadArgument. Nobody: the message has ended.
    /// </summary>
    public int FindArgument(in Capability capability) => Find(capability, Result.BadArgument);

    /// <summary>Gets a process ready to receive, and looks up the string from one end to the other. False: the message
    /// has ended.</summary>
    public bool OpenReceiver(int receiver) =>
        MakeDirty(receiver) && OpenString() && OpenSink(receiver, StringLength);

    /// <summary>Gets an object ready to be changed. False: the message has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool MakeDirty(int entry)
    {
        if (Kernel.Frames.IsWritable(entry) || Kernel.Frames.MakeDirty(entry) == Outcome.Ok)
        {
            return true;
        }

        Wait(StallReason.Space);
        return false;
    }

    /// <summary>Waits for a frame to be loaded; if that has failed, answers <see cref="Result.BadObject"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Load(ulong frame)
    {
        if (!ProcessControl.HasLoadFailed(Kernel, frame))
        {
            Wait(StallReason.Load, frame);
        }
        else
        {
            Refuse(Result.BadObject);
        }
    }

    /// <summary>Gets whoever is to be answered ready for it. False: the message has ended.</summary>
    public bool PrepareReply()
    {
        if (_isReplyReady)
        {
            return true;
        }

        _isReplyReady = true;
        if (Kind == InvocationKind.Call)
        {
            ReplyTo = Invoker;
            return true;
        }

        ref readonly Capability resume = ref Sent.Arguments[ReplyArgument];
        if (resume.Type != CapabilityType.Resume)
        {
            return true;
        }

        Outcome outcome = Kernel.Objects.Find(resume, out int process);
        if (outcome == Outcome.Absent && !ProcessControl.HasLoadFailed(Kernel, resume.Oid.Frame))
        {
            Wait(StallReason.Load, resume.Oid.Frame);
            return false;
        }

        if (outcome != Outcome.Ok || Process(process).RunState != RunState.Waiting)
        {
            return true;
        }

        ReplyTo = process;
        ReplyCount = resume.Count;
        return MakeDirty(process);
    }

    /// <summary>Performs the delivery to a process that was found, made dirty, and whose string is open.</summary>
    public Result Deliver(int receiver, uint payload)
    {
        ref ProcessFrame from = ref Process(Invoker);
        if (Kind == InvocationKind.Call)
        {
            CapabilityType type = IsFault ? CapabilityType.FaultResume : CapabilityType.Resume;
            Sent.Arguments[ReplyArgument] = Capability.Resume(Oid.Of(from.Frame), from.CallCount, type);
        }

        if (Hops == 1 && Kind == InvocationKind.Call && Invoked.Type == CapabilityType.Start && !IsFault)
        {
            ref readonly Capability forwarder = ref Register(ref from, new InvocationWord(from.Rax).Invoked);
            Kernel.Spaces.Targets.Learn(in forwarder, in Invoked);
        }

        CopyString();
        Sent.Tag = payload;
        SetLengths(ref Sent);
        Delivery.Deliver(ref Process(receiver), ref Sent);
        Receiver = receiver;
        return End(Verdict.Delivered);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Find(in Capability capability, Result ifVoid)
    {
        Outcome outcome = Kernel.Objects.Find(capability, out int entry);
        if (outcome == Outcome.Ok)
        {
            return entry;
        }

        if (outcome == Outcome.Absent)
        {
            Load(capability.Oid.Frame);
        }
        else
        {
            Refuse(ifVoid);
        }

        return Nobody;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(Result result)
    {
        if (PrepareReply())
        {
            Close(result);
        }
    }

    private Result End(Verdict verdict)
    {
        Verdict = verdict;
        return Ended;
    }

    private void Clear(int invoker, InvocationKind kind)
    {
        _isCommitted = false;
        _isReplyReady = false;
        Verdict = Verdict.Open;
        IsFault = false;
        Invoker = invoker;
        Kind = kind;
        Hops = 0;
        Receiver = Nobody;
        Started = Nobody;
        ReplyTo = Nobody;
        Sent = default;
        Reply = default;
    }

    private static ref Capability Register(ref ProcessFrame frame, int register) =>
        ref ObjectTable.Slot(ref frame.Registers, register);
}
