// RtcDomain: drives the machine's real-time clock: an index port and a data port. They are void after a restart, and
// opened anew by the device grant.
//
// The registers are read when no update is under way, twice: what is the same both times was not read across one. The
// clock updates itself once a second, in 2 ms at most (MC146818A data sheet), so a few rounds are enough; where nothing
// answers, there is an end to them.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Rtc;

/// <summary>The driver of the real-time clock.</summary>
[Domain]
public sealed partial class RtcDomain : Domain, IRealTimeClock
{
    private const uint FirstPort = 0x70;
    private const uint Index = 0;
    private const uint Data = 1;
    private const int Rounds = 20;
    private const ulong UpdateNs = 2_000_000;

    private IIoPort _ports = IoPortClient.Void;

    /// <summary>All devices: this domain is trusted with the machine. It uses the two ports of the clock.</summary>
    [Capability]
    internal partial IDeviceGrant Devices { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    /// <inheritdoc/>
    public Result Read(out ulong seconds)
    {
        Span<byte> before = stackalloc byte[CmosTime.Registers.Length];
        Span<byte> values = stackalloc byte[CmosTime.Registers.Length];
        for (int round = 0; round < Rounds; round++)
        {
            Result result = Read(CmosTime.StatusA, out byte status);
            if (result == Result.Ok && (status & CmosTime.UpdateUnderWay) == 0)
            {
                result = ReadAll(before);
                result = result == Result.Ok ? ReadAll(values) : result;
                if (result == Result.Ok && values.SequenceEqual(before))
                {
                    bool isTime = CmosTime.TryDecode(values, out UtcTime time);
                    seconds = isTime ? time.Ticks / UtcTime.TicksPerSecond : 0;
                    return isTime ? Result.Ok : Clocks.Unknown;
                }
            }
            else if (result == Result.Ok)
            {
                Sleep.For(UpdateNs);
            }

            if (result != Result.Ok && !Open())
            {
                break;
            }
        }

        seconds = 0;
        return Clocks.Unknown;
    }

    private bool Open()
    {
        Capabilities.Release(_ports);
        Result result = Devices.OpenPorts(FirstPort, Data + 1, out _ports);
        Capabilities.Keep(_ports);
        return result == Result.Ok;
    }

    private Result ReadAll(Span<byte> values)
    {
        Result result = Result.Ok;
        for (int i = 0; i < values.Length && result == Result.Ok; i++)
        {
            result = Read(CmosTime.Registers[i], out values[i]);
        }

        return result;
    }

    // Bit 7 of the index would mask the NMI.
    private Result Read(byte register, out byte value)
    {
        Result result = _ports.Write(Index, 1, register);
        uint data = 0;
        result = result == Result.Ok ? _ports.Read(Data, 1, out data) : result;
        value = (byte)data;
        return result;
    }
}
