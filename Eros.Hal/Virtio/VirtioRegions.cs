// VirtioRegions: where a virtio function's registers are (Virtual I/O Device 1.2, 4.1.4).
//
//   vendor capability  0 id 09 | 1 next | 2 length | 3 type u8 | 4 base register u8 | 8 offset u32 | 12 length u32
//                      type 2 also: 16 notify offset multiplier u32
//   type 1 common, 2 notify, 4 device. Of several of one type the first counts.

using System.Runtime.CompilerServices;
using Eros.Hal.Bus;

namespace Eros.Hal.Virtio;

/// <summary>Physical addresses of the register groups; 0 where a group is missing.</summary>
public struct VirtioRegions
{
    private const int CommonType = 1;
    private const int NotifyType = 2;
    private const int DeviceType = 4;

    public ulong Common;
    public ulong Notify;
    public ulong NotifyBytes;
    public uint NotifyMultiplier;
    public ulong Device;

    /// <summary>Reads the capabilities. False: the function has no modern interface.</summary>
    public bool Read(PciFunction function)
    {
        int at = function.FindCapability(PciFunction.VendorCapability);
        for (int i = 0; at != 0 && i < PciFunction.MaxCapabilities; i++)
        {
            ReadGroup(function, at);
            at = function.FindCapability(PciFunction.VendorCapability, at);
        }

        return Common != 0 && Notify != 0 && Device != 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadGroup(PciFunction function, int at)
    {
        ulong bar = function.BaseAddress(function.Read8(at + 4));
        ulong address = bar == 0 ? 0 : bar + function.Read(at + 8);
        switch (function.Read8(at + 3))
        {
            case CommonType when Common == 0:
                Common = address;
                break;
            case NotifyType when Notify == 0:
                Notify = address;
                NotifyBytes = function.Read(at + 12);
                NotifyMultiplier = function.Read(at + 16);
                break;
            case DeviceType when Device == 0:
                Device = address;
                break;
            default:
                break;
        }
    }
}
