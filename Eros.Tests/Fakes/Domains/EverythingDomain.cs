// EverythingDomain: a server with one method for each way in which values travel in a message.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fakes.Domains;

internal enum Colour : ushort
{
    Red = 1,
    Violet = 60_000,
}

/// <summary>Every kind of parameter and answer.</summary>
[MaxString(300)]
internal interface IEverything : ICapability
{
    [Order(1)]
    ulong Add(int signed, uint unsigned, bool negate);

    [Order(2)]
    Result Words(byte small, Colour colour, long large, out bool flag, out Colour next, out long same);

    [Order(3)]
    string Shout(string text);

    [Order(4)]
    Result Sum(ReadOnlySpan<byte> bytes, out ulong sum);

    [Order(5)]
    Result Fill(byte value, Span<byte> bytes, out int length);

    [Order(6)]
    IEverything Pick(bool second, IEverything first, ICapability other);

    [Order(7)]
    Result Later(string text, out string answer);

    [Order(8)]
    uint WhoAmI();

    [Order(9)]
    [OneWay]
    void Poke(uint value);

    [Order(10)]
    ulong Poked();

    [Order(11)]
    Result Keep(ICapability thing);

    [Order(12)]
    ICapability Kept();
}

[Domain]
internal sealed partial class EverythingDomain : Domain, IEverything, IRestartObserver
{
    private DeferredReply _later;
    private string _laterText = "";
    private uint _poked;
    private ICapability _kept = CapabilityClient.At(0);

    protected override int MaxString => 200;

    public ulong Add(int signed, uint unsigned, bool negate) =>
        unchecked((ulong)(negate ? -(signed + unsigned) : signed + unsigned));

    public Result Words(byte small, Colour colour, long large, out bool flag, out Colour next, out long same)
    {
        flag = small == 255;
        next = colour == Colour.Red ? Colour.Violet : Colour.Red;
        same = large;
        return Result.Busy;
    }

    public string Shout(string text) => text.ToUpperInvariant();

    public Result Sum(ReadOnlySpan<byte> bytes, out ulong sum)
    {
        sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return Result.Ok;
    }

    public Result Fill(byte value, Span<byte> bytes, out int length)
    {
        length = Math.Min((int)value, bytes.Length);
        bytes[..length].Fill(value);
        return Result.Ok;
    }

    public IEverything Pick(bool second, IEverything first, ICapability other) =>
        second ? EverythingClient.Of(other) : first;

    public Result Later(string text, out string answer)
    {
        answer = "";
        _laterText = text;
        _later = Defer();
        return Result.NoAccess;
    }

    public uint WhoAmI() => Badge;

    public void Poke(uint value) => _poked = value;

    public ulong Poked() => _poked;

    public Result Keep(ICapability thing)
    {
        _kept = thing;
        Capabilities.Keep(thing);
        return Result.Ok;
    }

    public ICapability Kept() => _kept;

    public Result Restarted()
    {
        EverythingServer.ReplyLater(_later, Result.Ok, _laterText + "!");
        return Result.Ok;
    }
}
