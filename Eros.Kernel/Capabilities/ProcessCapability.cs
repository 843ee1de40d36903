// Process: total authority over one process: its registers, its slots, whether it runs.
//
// The process may be the invoker itself, or the one to be answered. Its own registers may then be what the answer is
// stored over; and an operation that takes its activity ends the invocation without an answer (Invoker.Settle).

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Kernel.Invocation;
using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: ProcessOrder.</summary>
public static class ProcessCapability
{
    // The registers as a string: bytes 64..223 of the frame, 20 words, and the place of some among them.
    private const int RegistersOffset = 64;
    private const int RegistersBytes = 160;
    private const int Rip = 16;
    private const int Rflags = 17;
    private const int FsBase = 18;
    private const int GsBase = 19;

    // What a process may have in rflags: the arithmetic flags, TF, DF, AC and ID; IF and bit 1 are always set. SDM
    // volume 1, 3.4.3.
    private const ulong RflagsAllowed = 0x0024_0DD5;
    private const ulong RflagsAlways = 0x202;

    public static Result Invoke(Message message, int process)
    {
        ref ProcessFrame frame = ref message.Process(process);
        switch (message.Sent.Order)
        {
            case ProcessOrder.FetchRegister:
                return IsRegister(message.Sent.Word1)
                    ? message.Answer(ObjectTable.Slot(ref frame.Registers, (int)message.Sent.Word1))
                    : Result.BadArgument;
            case ProcessOrder.SwapRegister:
                return SwapRegister(message, process);
            case ProcessOrder.FetchSlot or ProcessOrder.SwapSlot:
                return Slot(message, process);
            case ProcessOrder.ReadRegisters:
                return ReadRegisters(message, process);
            case ProcessOrder.ReadMemory:
                return ReadMemory(message, process);
            case ProcessOrder.WriteRegisters:
                return WriteRegisters(message, process);
            case ProcessOrder.MakeStart:
                return Make(message, CapabilityType.Start, Rights.FixedPayload);
            case ProcessOrder.MakeOpenStart:
                return Make(message, CapabilityType.Start);
            case ProcessOrder.MakeNotification:
                return Make(message, CapabilityType.Notification);
            case ProcessOrder.MakeFaultResume:
                return MakeFaultResume(message, ref frame);
            case ProcessOrder.Run or ProcessOrder.MakeAvailable:
                return Move(message, process);
            case ProcessOrder.Describe:
                message.Reply.Word2 = (ulong)frame.FaultCode;
                message.Reply.Word3 = frame.FaultAddress;
                message.Reply.Word1 = (ulong)frame.RunState;
                return Result.Ok;
            default:
                return message.AnswerCommon();
        }
    }

    private static bool IsRegister(ulong number) => number - 1 < Node.SlotCount - 1;

    private static Result SwapRegister(Message message, int process)
    {
        // Decode
        if (!IsRegister(message.Sent.Word1))
        {
            return Result.BadArgument;
        }

        return Swap(message, process, ref ObjectTable.Slot(
            ref message.Process(process).Registers,
            (int)message.Sent.Word1));
    }

    private static Result Slot(Message message, int process)
    {
        // Decode
        bool isFetch = message.Sent.Order == ProcessOrder.FetchSlot;
        bool isBrand = message.Sent.Word1 == ProcessSlot.Brand;
        if (message.Sent.Word1 > ProcessSlot.Brand)
        {
            return Result.BadArgument;
        }

        if (isFetch && isBrand)
        {
            return Result.NoAccess;
        }

        ref Capability first = ref message.Process(process).Schedule;
        ref Capability slot = ref Unsafe.Add(ref first, (int)message.Sent.Word1);
        if (isFetch)
        {
            return message.Answer(slot);
        }

        Result result = Swap(message, process, ref slot);
        if (isBrand)
        {
            message.Reply.Arguments[0] = Capability.Void;
        }
        else if (message.Sent.Word1 == ProcessSlot.Schedule && result == Result.Ok)
        {
            ProcessControl.FindRing(message.Kernel, process);
        }

        return result;
    }

    private static Result Swap(Message message, int process, ref Capability slot)
    {
        if (!message.MakeDirty(process))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.Kernel.Spaces.Forget(process, 0);
        Capability old = slot;
        slot = message.Sent.Arguments[0];
        return message.Answer(old);
    }

    private static Result ReadRegisters(Message message, int process)
    {
        // Decode
        if (!message.OpenReply(RegistersBytes))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.PutReply(message.Kernel.Frames.Bytes(process).Slice(RegistersOffset, RegistersBytes));
        return Result.Ok;
    }

    private static Result ReadMemory(Message message, int process)
    {
        // Decode
        if (message.Sent.Word2 > PhysicalMemory.FrameBytes)
        {
            return Result.BadArgument;
        }

        if (!message.OpenMemory(process, message.Sent.Word1, (int)message.Sent.Word2, out int length)
            || !message.OpenReply(length))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.PutReply(message.TakeString());
        return Result.Ok;
    }

    private static Result WriteRegisters(Message message, int process)
    {
        // Decode
        if (message.StringLength != RegistersBytes)
        {
            return Result.BadArgument;
        }

        if (!message.OpenString())
        {
            return Message.Ended;
        }

        message.TakeString();
        Span<byte> bytes = message.Buffer[..RegistersBytes];
        Span<ulong> registers = MemoryMarshal.Cast<byte, ulong>(bytes);

        // The kernel loads these, and would itself fault on one that is not canonical.
        if ((registers[Rip] | registers[FsBase] | registers[GsBase]) >> Guard.AddressLog2 != 0)
        {
            return Result.BadArgument;
        }

        if (!message.MakeDirty(process))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        if ((registers[FsBase] | registers[GsBase]) != 0)
        {
            message.Kernel.Spaces.Forget(process, 0);
        }

        ref ulong rflags = ref registers[Rflags];
        rflags = (rflags & RflagsAllowed) | RflagsAlways;
        bytes.CopyTo(message.Kernel.Frames.Bytes(process)[RegistersOffset..]);
        return Result.Ok;
    }

    private static Result Make(Message message, CapabilityType type, Rights rights = Rights.None)
    {
        Capability process = message.Invoked;
        ulong data = message.Sent.Word1;
        return data <= uint.MaxValue
            ? message.Answer(new Capability(type, process.Oid, process.Version, (uint)data, rights))
            : Result.BadArgument;
    }

    private static Result MakeFaultResume(Message message, ref ProcessFrame frame)
    {
        Oid process = message.Invoked.Oid;
        return frame.RunState is RunState.Waiting or RunState.Faulted
            ? message.Answer(Capability.Resume(process, frame.CallCount, CapabilityType.FaultResume))
            : Result.BadArgument;
    }

    private static Result Move(Message message, int process)
    {
        // Decode
        if (!message.MakeDirty(process))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        Kernel kernel = message.Kernel;
        ref ProcessFrame frame = ref message.Process(process);
        ProcessControl.ForgetFault(ref frame);
        if (message.Sent.Order == ProcessOrder.MakeAvailable)
        {
            ProcessControl.Detach(kernel, process);
            frame.CallCount++;
            ProcessControl.BecomeAvailable(kernel, process);
        }
        else if (process != ProcessControl.Current(kernel))
        {
            ProcessControl.Detach(kernel, process);
            frame.CallCount++;
            frame.RunState = RunState.Running;
            message.Started = process;
        }

        return Result.Ok;
    }
}
