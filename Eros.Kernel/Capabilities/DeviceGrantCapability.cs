// DeviceGrant: the lasting right to all devices of the machine. What it makes is of this boot: a driver
// has to be given its device again after a restart, when it has begun anew, for the device has.

using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: DeviceGrantOrder.</summary>
public static class DeviceGrantCapability
{
    private const ulong Ports = 1 << 16;
    private const ulong PageMask = PhysicalMemory.FrameBytes - 1;

    /// <summary>True in the boot in which it was made.</summary>
    public static bool IsOfThisBoot(Kernel kernel, in Capability device) =>
        device.Version == kernel.Counters.Values.BootEpoch;

    public static Result Invoke(Message message)
    {
        Devices devices = message.Kernel.Devices;
        ulong first = message.Sent.Word1;
        ulong count = message.Sent.Word2;
        switch (message.Sent.Order)
        {
            case DeviceGrantOrder.OpenPorts:
                uint ports = (uint)(first | (count << IoPortCapability.CountShift));
                return first < Ports && count - 1 < Ports - 1 && count <= Ports - first
                    ? Open(message, CapabilityType.IoPort, default, ports)
                    : Result.BadArgument;
            case DeviceGrantOrder.OpenMemory:
                ulong pages = count >> PhysicalMemory.FrameLog2;
                Oid frame = new(first >> PhysicalMemory.FrameLog2);
                return ((first | count) & PageMask) == 0 && pages - 1 < uint.MaxValue && devices.IsDevice(first, count)
                    ? Open(message, CapabilityType.DeviceMemory, frame, (uint)pages)
                    : Result.BadArgument;
            case DeviceGrantOrder.OpenInterrupt:
                return devices.HasLine(first)
                    ? Open(message, CapabilityType.Interrupt, default, (uint)first)
                    : Result.BadArgument;
            default:
                return message.AnswerCommon();
        }
    }

    /// <summary>LimitReached when the epoch does not fit a capability.</summary>
    private static Result Open(Message message, CapabilityType type, Oid oid, uint data)
    {
        ulong epoch = message.Kernel.Counters.Values.BootEpoch;
        return epoch <= uint.MaxValue
            ? message.Answer(new Capability(type, oid, (uint)epoch, data))
            : Result.LimitReached;
    }
}
