// VirtioDevice: a modern virtio function over PCI (Virtual I/O Device 1.2, 4.1.4.3 common configuration, 3.1
// initialisation).
//
//   00 device feature select u32 | 04 device features u32 | 08 driver feature select u32 | 0C driver features u32
//   10 configuration vector u16 | 12 queues u16 | 14 status u8 | 15 generation u8
//   16 queue select u16 | 18 queue size u16 | 1A queue vector u16 | 1C queue enable u16 | 1E queue notify offset u16
//   20 descriptors u64 | 28 available u64 | 30 used u64
//
//   Reset ─▶ Negotiate (acknowledge, driver, features ok) ─▶ SetQueue ─▶ Start (driver ok)

using System.Threading;

namespace Eros.Hal.Virtio;

/// <summary>The register groups of one function, mapped uncached.</summary>
public sealed unsafe class VirtioDevice(byte* common, byte* notify, byte* device, uint notifyMultiplier)
{
    public const ushort Vendor = 0x1AF4;

    /// <summary>Feature 32: the device follows the standard from version 1.0 on.</summary>
    public const ulong Version1 = 1UL << 32;

    private const int DeviceFeatureSelect = 0x00;
    private const int DeviceFeatures = 0x04;
    private const int DriverFeatureSelect = 0x08;
    private const int DriverFeatures = 0x0C;
    private const int ConfigurationVector = 0x10;
    private const int Status = 0x14;
    private const int QueueSelect = 0x16;
    private const int QueueSize = 0x18;
    private const int QueueVector = 0x1A;
    private const int QueueEnable = 0x1C;
    private const int QueueNotifyOffset = 0x1E;
    private const int QueueDescriptors = 0x20;
    private const int QueueAvailable = 0x28;
    private const int QueueUsed = 0x30;

    private const byte Acknowledge = 1;
    private const byte Driver = 2;
    private const byte DriverOk = 4;
    private const byte FeaturesOk = 8;
    private const ushort NoVector = 0xFFFF;
    private const int MaxResetReads = 1_000_000;

    private readonly byte* _common = common;
    private readonly byte* _notify = notify;
    private readonly byte* _device = device;
    private readonly uint _notifyMultiplier = notifyMultiplier;
    private uint _notifyOffset;

    /// <summary>Stops the device; it touches no memory any more (4.1.4.3.1). False: it does not answer.</summary>
    public bool Reset()
    {
        Volatile.Write(ref _common[Status], 0);
        for (int i = 0; i < MaxResetReads; i++)
        {
            if (Volatile.Read(ref _common[Status]) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Agrees on those of the wanted features that the device has. False: it refuses, or is of the old
    /// kind.</summary>
    public bool Negotiate(ulong wanted, out ulong agreed)
    {
        AddStatus(Acknowledge);
        AddStatus(Driver);
        Write32(DeviceFeatureSelect, 0);
        agreed = Read32(DeviceFeatures);
        Write32(DeviceFeatureSelect, 1);
        agreed |= (ulong)Read32(DeviceFeatures) << 32;
        agreed &= wanted;
        Write32(DriverFeatureSelect, 0);
        Write32(DriverFeatures, (uint)agreed);
        Write32(DriverFeatureSelect, 1);
        Write32(DriverFeatures, (uint)(agreed >> 32));
        AddStatus(FeaturesOk);
        return (agreed & Version1) != 0 && (Volatile.Read(ref _common[Status]) & FeaturesOk) != 0;
    }

    /// <summary>The most descriptors that queue 0 can have; 0 when there is no such queue.</summary>
    public int MaxQueueSize()
    {
        Write16(QueueSelect, 0);
        return Volatile.Read(ref *(ushort*)(_common + QueueSize));
    }

    /// <summary>Gives queue 0 its memory, at a physical address, and message 0 as its interrupt.</summary>
    public void SetQueue(int size, ulong physical)
    {
        Write16(ConfigurationVector, NoVector);
        Write16(QueueSelect, 0);
        Write16(QueueSize, (ushort)size);
        Write16(QueueVector, 0);
        Write64(QueueDescriptors, physical);
        Write64(QueueAvailable, physical + (uint)SplitQueue.AvailableOffset(size));
        Write64(QueueUsed, physical + (uint)SplitQueue.UsedOffset(size));
        _notifyOffset = Volatile.Read(ref *(ushort*)(_common + QueueNotifyOffset)) * _notifyMultiplier;
        Write16(QueueEnable, 1);
    }

    /// <summary>From now on the device serves its queue.</summary>
    public void Start() => AddStatus(DriverOk);

    /// <summary>Tells the device that queue 0 has more (4.1.5.2).</summary>
    public void NotifyQueue() => Volatile.Write(ref *(ushort*)(_notify + _notifyOffset), 0);

    /// <summary>A field of the device's own configuration.</summary>
    public uint ReadDevice(int offset) => Volatile.Read(ref *(uint*)(_device + offset));

    private void AddStatus(byte bit) =>
        Volatile.Write(ref _common[Status], (byte)(Volatile.Read(ref _common[Status]) | bit));

    private uint Read32(int register) => Volatile.Read(ref *(uint*)(_common + register));

    private void Write32(int register, uint value) => Volatile.Write(ref *(uint*)(_common + register), value);

    private void Write16(int register, ushort value) => Volatile.Write(ref *(ushort*)(_common + register), value);

    private void Write64(int register, ulong value)
    {
        Write32(register, (uint)value);
        Write32(register + 4, (uint)(value >> 32));
    }
}
