using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The lasting right to all devices.</summary>
internal sealed class DeviceGrantModel : TypeModel
{
    private const ulong Ports = 0x1_0000;
    private const int CountShift = 16;
    private const int PageLog2 = 12;
    private const ulong PageBytes = 1 << PageLog2;

    public override CapabilityType Type => CapabilityType.DeviceGrant;

    public override System.Type Orders => typeof(DeviceGrantOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong first = ask.Sent.Word1;
        ulong count = ask.Sent.Word2;
        uint epoch = (uint)world.BootEpoch;
        switch (ask.Sent.Order)
        {
            case DeviceGrantOrder.OpenPorts:
                bool areThere = first < Ports && count is > 0 and < Ports && first + count <= Ports;
                return areThere
                    ? Give(ask, new Capability(
                        CapabilityType.IoPort, default, epoch, (uint)(first | (count << CountShift))))
                    : Result.BadArgument;
            case DeviceGrantOrder.OpenMemory:
                bool isDevice = first >= FakeDevices.Registers
                    && first < FakeDevices.RegistersEnd
                    && count > 0
                    && count <= FakeDevices.RegistersEnd - first
                    && first % PageBytes == 0
                    && count % PageBytes == 0;
                return isDevice
                    ? Give(ask, new Capability(
                        CapabilityType.DeviceMemory, new Oid(first >> PageLog2), epoch, (uint)(count >> PageLog2)))
                    : Result.BadArgument;
            case DeviceGrantOrder.OpenInterrupt:
                return first < FakeDevices.LineCount && first != FakeDevices.KernelLine
                    ? Give(ask, new Capability(CapabilityType.Interrupt, default, epoch, (uint)first))
                    : Result.BadArgument;
            default:
                return Common(ask);
        }
    }
}
