using System;
using System.Buffers.Binary;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Total authority over one process.</summary>
internal sealed class ProcessModel : TypeModel
{
    private const int RegistersOffset = 64;
    private const int RegistersBytes = 160;
    private const int Rip = 16;
    private const int Rflags = 17;
    private const int FsBase = 18;
    private const int GsBase = 19;
    private const int AddressLog2 = 47;

    // CF, PF, AF, ZF, SF, TF, DF, OF, AC, ID are the program's; IF and bit 1 are always set.
    private const ulong OwnFlags = 0x24_0DD5;
    private const ulong FixedFlags = 0x202;

    public override CapabilityType Type => CapabilityType.Process;

    public override Type Orders => typeof(ProcessOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ref ProcessFrame process = ref frame.Process;
        ulong word = ask.Sent.Word1;
        switch (ask.Sent.Order)
        {
            case ProcessOrder.FetchRegister:
                return word is 0 or > 31 ? Result.BadArgument : Give(ask, process.Registers[(int)word]);
            case ProcessOrder.SwapRegister:
                return word is 0 or > 31
                    ? Result.BadArgument
                    : Swap(world, ask, frame, ref process.Registers[(int)word]);
            case ProcessOrder.FetchSlot or ProcessOrder.SwapSlot:
                return Slot(world, ask, frame);
            case ProcessOrder.ReadRegisters:
                return ReadRegisters(world, ask, frame);
            case ProcessOrder.WriteRegisters:
                return WriteRegisters(world, ask, frame);
            case ProcessOrder.ReadMemory:
                return ReadMemory(world, ask, frame);
            case ProcessOrder.MakeStart:
                return Make(ask, CapabilityType.Start, Rights.FixedPayload);
            case ProcessOrder.MakeOpenStart:
                return Make(ask, CapabilityType.Start);
            case ProcessOrder.MakeNotification:
                return Make(ask, CapabilityType.Notification);
            case ProcessOrder.MakeFaultResume:
                return process.RunState is RunState.Waiting or RunState.Faulted
                    ? Give(ask, Capability.Resume(ask.Invoked.Oid, process.CallCount, CapabilityType.FaultResume))
                    : Result.BadArgument;
            case ProcessOrder.Run:
                Run(world, ask, frame);
                return Result.Ok;
            case ProcessOrder.MakeAvailable:
                world.Faults.Forget(frame);
                world.Detach(frame);
                process.CallCount++;
                world.BecomeAvailable(frame);
                return Result.Ok;
            case ProcessOrder.Describe:
                ask.Reply.Word1 = (ulong)process.RunState;
                ask.Reply.Word2 = (ulong)process.FaultCode;
                ask.Reply.Word3 = process.FaultAddress;
                return Result.Ok;
            default:
                return Common(ask);
        }
    }

    private static Result Swap(ModelWorld world, Ask ask, ModelFrame frame, ref Capability slot)
    {
        world.Touch(frame);
        Capability old = slot;
        slot = ask.Sent.Argument0;
        return Give(ask, old);
    }

    private static Result Slot(ModelWorld world, Ask ask, ModelFrame frame)
    {
        bool isFetch = ask.Sent.Order == ProcessOrder.FetchSlot;
        ref ProcessFrame process = ref frame.Process;
        switch (ask.Sent.Word1)
        {
            case ProcessSlot.Schedule:
                if (isFetch)
                {
                    return Give(ask, process.Schedule);
                }

                Result result = Swap(world, ask, frame, ref process.Schedule);
                world.FindRing(frame);
                return result;
            case ProcessSlot.Keeper:
                return isFetch ? Give(ask, process.Keeper) : Swap(world, ask, frame, ref process.Keeper);
            case ProcessSlot.Space:
                return isFetch ? Give(ask, process.Space) : Swap(world, ask, frame, ref process.Space);
            case ProcessSlot.Brand:
                if (isFetch)
                {
                    return Result.NoAccess;
                }

                world.Touch(frame);
                process.Brand = ask.Sent.Argument0;
                return Result.Ok;
            default:
                return Result.BadArgument;
        }
    }

    private static Result ReadRegisters(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (world.Strings.TryOpenSink(ask, ask.ReplyTo, RegistersBytes, out int room))
        {
            world.Strings.Answer(ask, frame.Bytes.Slice(RegistersOffset, RegistersBytes).ToArray(), room);
        }

        return Result.Ok;
    }

    private static Result WriteRegisters(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.StringLength != RegistersBytes)
        {
            return Result.BadArgument;
        }

        if (!world.Strings.TryOpenSource(ask))
        {
            return Result.Ok;
        }

        Span<byte> bytes = world.Strings.Take(ask);
        foreach (int address in (ReadOnlySpan<int>)[Rip, FsBase, GsBase])
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[(address * 8)..]) >> AddressLog2 != 0)
            {
                return Result.BadArgument;
            }
        }

        Span<byte> flags = bytes[(Rflags * 8)..];
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(flags);
        BinaryPrimitives.WriteUInt64LittleEndian(flags, (value & OwnFlags) | FixedFlags);
        bytes.CopyTo(world.Touch(frame).Bytes[RegistersOffset..]);
        return Result.Ok;
    }

    private static Result ReadMemory(ModelWorld world, Ask ask, ModelFrame frame)
    {
        const ulong Most = 4096;
        ulong address = ask.Sent.Word1;
        if (ask.Sent.Word2 > Most)
        {
            return Result.BadArgument;
        }

        if (world.Strings.TryOpen(ask, frame, address, (int)ask.Sent.Word2, Access.Read, out int length)
            && world.Strings.TryOpenSink(ask, ask.ReplyTo, length, out int room))
        {
            world.Strings.Answer(ask, world.Strings.Read(frame, address, length), room);
        }

        return Result.Ok;
    }

    private static Result Make(Ask ask, CapabilityType type, Rights rights = Rights.None)
    {
        ulong data = ask.Sent.Word1;
        return data > uint.MaxValue
            ? Result.BadArgument
            : Give(ask, new Capability(type, ask.Invoked.Oid, ask.Invoked.Version, (uint)data, rights));
    }

    private static void Run(ModelWorld world, Ask ask, ModelFrame frame)
    {
        world.Faults.Forget(frame);
        if (frame != world.Current)
        {
            world.Detach(frame);
            frame.Process.CallCount++;
            frame.Process.RunState = RunState.Running;
            ask.Started = frame;
        }
    }
}
