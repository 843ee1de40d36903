using System;
using System.Linq;
using System.Threading;
using Eros.Domains.Pipe;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

public sealed class PipeTests
{
    private ServiceFixture<PipeDomain> _fixture = null!;

    [SetUp]
    public void Start()
    {
        _fixture = new ServiceFixture<PipeDomain>();
        _fixture.NewClient().Enter(named: 1);
    }

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void Bytes_come_out_in_the_order_in_which_they_went_in([Values(1, 2, 3)] int seed)
    {
        const int Total = 60_000;
        byte[] sent = new byte[Total];
        new Random(seed).NextBytes(sent);
        byte[] received = new byte[Total + 1];
        Thread writer = _fixture.Begin(() => Write(sent, new Random(seed + 100)));
        Open(out IPipeReader reader, out _);
        Random sizes = new(seed + 200);
        int count = 0;
        while (true)
        {
            Span<byte> room = received.AsSpan(count, Math.Min(1 + sizes.Next(5000), received.Length - count));
            Assert.That(reader.Read(room, out int length), Is.EqualTo(Result.Ok));
            count += length;
            if (length == 0)
            {
                break;
            }
        }

        writer.Join();
        Assert.That(count, Is.EqualTo(Total), $"seed {seed}");
        Assert.That(received[..Total].SequenceEqual(sent), $"seed {seed}");
    }

    [Test]
    public void After_the_end_nothing_goes_in_and_the_rest_comes_out()
    {
        Open(out IPipeReader reader, out IPipeWriter writer);
        Assert.That(writer.Write([1, 2]), Is.EqualTo(Result.Ok));
        Assert.That(writer.Close(), Is.EqualTo(Result.Ok));
        Assert.That(writer.Write([3]), Is.EqualTo(Result.BadArgument));
        byte[] room = new byte[8];
        reader.Read(room, out int length);
        Assert.That(room[..length], Is.EqualTo(new byte[] { 1, 2 }));
        reader.Read(room, out length);
        Assert.That(length, Is.Zero);
    }

    [Test]
    [Repeat(20)]
    public void A_reader_is_let_go_by_the_end_whether_it_waits_already_or_not()
    {
        int length = -1;
        Thread waiting = _fixture.Begin(() =>
        {
            Open(out IPipeReader own, out _);
            own.Read(new byte[4], out length);
        });
        Open(out _, out IPipeWriter writer);
        writer.Close();
        waiting.Join();
        Assert.That(length, Is.Zero);
    }

    [Test]
    public void A_message_longer_than_the_pipe_is_refused_whole()
    {
        Open(out _, out IPipeWriter writer);
        Assert.That(writer.Write(new byte[PipeLimits.Capacity + 1]), Is.EqualTo(Result.BadArgument));
    }

    private static void Write(byte[] bytes, Random sizes)
    {
        Open(out _, out IPipeWriter writer);
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(1 + sizes.Next(PipeLimits.Capacity), bytes.Length - at);
            if (writer.Write(bytes.AsSpan(at, length)) != Result.Ok)
            {
                return;
            }

            at += length;
        }

        writer.Close();
    }

    private static void Open(out IPipeReader reader, out IPipeWriter writer) =>
        PipeClient.At(CapabilityRegisters.FirstNamed).Open(out reader, out writer);
}
