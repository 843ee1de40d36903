using System.Collections.Generic;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>What ports and registers in memory have in common.</summary>
internal abstract class RegistersModel : TypeModel
{
    /// <summary>Reads or writes; <paramref name="isRight"/>: what was asked is inside, and of a size that there is.
    /// </summary>
    protected static Result Access(ModelWorld world, Ask ask, bool isRight, ulong address, ulong mask)
    {
        if (!isRight)
        {
            return Result.BadArgument;
        }

        Dictionary<(ulong, int), ulong> values = world.Devices.Values;
        (ulong, int) place = (address, (int)ask.Sent.Word2);
        if (ask.Sent.Order == IoPortOrder.Read)
        {
            ask.Reply.Word1 = values.GetValueOrDefault(place);
        }
        else
        {
            values[place] = ask.Sent.Word3 & mask;
        }

        return Result.Ok;
    }

    protected static bool IsInside(Ask ask, ulong length) =>
        ask.Sent.Word1 < length && ask.Sent.Word2 <= length - ask.Sent.Word1;
}

/// <summary>A range of ports. Data: the first and, above 16 bits, their number.</summary>
internal sealed class IoPortModel : RegistersModel
{
    private const int CountShift = 16;

    public override CapabilityType Type => CapabilityType.IoPort;

    public override System.Type Orders => typeof(IoPortOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.Invoked.Version != world.BootEpoch)
        {
            return Result.VoidCapability;
        }

        if (ask.Sent.Order is not (IoPortOrder.Read or IoPortOrder.Write))
        {
            return Common(ask);
        }

        uint data = ask.Invoked.Data;
        bool isRight = ask.Sent.Word2 is 1 or 2 or 4 && IsInside(ask, data >> CountShift);
        return Access(world, ask, isRight, (ushort)(data + ask.Sent.Word1), uint.MaxValue);
    }
}

/// <summary>Registers of a device. OID: the first frame; data: the number of frames.</summary>
internal sealed class DeviceMemoryModel : RegistersModel
{
    private const int PageLog2 = 12;

    public override CapabilityType Type => CapabilityType.DeviceMemory;

    public override System.Type Orders => typeof(DeviceMemoryOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.Invoked.Version != world.BootEpoch)
        {
            return Result.VoidCapability;
        }

        if (ask.Sent.Order is not (DeviceMemoryOrder.Read or DeviceMemoryOrder.Write))
        {
            return Common(ask);
        }

        bool isRight = ask.Sent.Word2 is 1 or 2 or 4 or 8
            && ask.Sent.Word1 % ask.Sent.Word2 == 0
            && IsInside(ask, (ulong)ask.Invoked.Data << PageLog2);
        ulong address = (ask.Invoked.Oid.Value << PageLog2) + ask.Sent.Word1;
        return Access(world, ask, isRight, address, ulong.MaxValue);
    }
}

/// <summary>An interrupt line.</summary>
internal sealed class InterruptModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Interrupt;

    public override System.Type Orders => typeof(InterruptOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.Invoked.Version != world.BootEpoch)
        {
            return Result.VoidCapability;
        }

        uint line = ask.Invoked.Data;
        switch (ask.Sent.Order)
        {
            case InterruptOrder.Listen:
                if (world.Devices.PlaceFor(line) is not { } place)
                {
                    return Result.LimitReached;
                }

                Capability listener = ask.Sent.Argument0;
                if (listener.Type is not (CapabilityType.Notification or CapabilityType.Void))
                {
                    return Result.BadArgument;
                }

                world.Devices.Listen(place, line, listener);
                return Result.Ok;
            case InterruptOrder.Acknowledge:
                world.Devices.Acknowledge(line);
                return Result.Ok;
            default:
                return Common(ask);
        }
    }
}
