using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// The right to all devices of the machine; survives restarts, which what it opens does not. For who is
/// trusted with the whole machine: a device can be told to write anywhere.
/// </summary>
public interface IDeviceGrant : ICapability
{
    [Order(DeviceGrantOrder.OpenPorts)]
    Result OpenPorts(uint first, uint count, out IIoPort ports);

    [Order(DeviceGrantOrder.OpenMemory)]
    Result OpenMemory(ulong address, ulong bytes, out IDeviceMemory memory);

    [Order(DeviceGrantOrder.OpenInterrupt)]
    Result OpenInterrupt(uint line, out IInterrupt interrupt);
}

/// <summary>Ports, until the next restart.</summary>
public interface IIoPort : ICapability
{
    /// <summary>Reads 1, 2 or 4 bytes at an offset from the first port.</summary>
    [Order(IoPortOrder.Read)]
    Result Read(uint offset, uint bytes, out uint value);

    [Order(IoPortOrder.Write)]
    Result Write(uint offset, uint bytes, uint value);
}

/// <summary>Registers at physical addresses, until the next restart.</summary>
public interface IDeviceMemory : ICapability
{
    /// <summary>Reads 1, 2, 4 or 8 bytes at an offset that is a multiple of their number.</summary>
    [Order(DeviceMemoryOrder.Read)]
    Result Read(ulong offset, uint bytes, out ulong value);

    [Order(DeviceMemoryOrder.Write)]
    Result Write(ulong offset, uint bytes, ulong value);
}

/// <summary>An interrupt line, until the next restart.</summary>
public interface IInterrupt : ICapability
{
    /// <summary>The notification is sent at an interrupt, once until it is acknowledged.</summary>
    [Order(InterruptOrder.Listen)]
    Result Listen(INotification notification);

    [Order(InterruptOrder.Acknowledge)]
    Result Acknowledge();
}
