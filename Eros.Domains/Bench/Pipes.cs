using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>Bytes are written into a pipe and read out of it: a call of the pipe each, which has a process of its own.
/// </summary>
internal sealed class PipeRoundTrip(ISpaceBank bank, ISchedule schedule, IConstructor pipes, int count)
    : Measurement(count == 1 ? "pipe, a byte in and out" : $"pipe, {count >> 10} KB in and out")
{
    private const ulong Limit = 512;

    private readonly ISpaceBank _bank = bank;
    private readonly ISchedule _schedule = schedule;
    private readonly IConstructor _pipes = pipes;
    private readonly byte[] _bytes = new byte[count];
    private ISpaceBank _child = SpaceBankClient.Void;
    private IPipeReader _reader = PipeReaderClient.Void;
    private IPipeWriter _writer = PipeWriterClient.Void;

    public override void Begin()
    {
        Result result = _bank.CreateChild(Limit, out _child);
        if (result == Result.Ok)
        {
            result = _pipes.Request(_child, _schedule, CapabilityClient.At(0), out ICapability product);
            PipeClient.Of(product).Open(out _reader, out _writer);
            Capabilities.Release(product);
        }

        if (result != Result.Ok)
        {
            throw new InvalidOperationException($"no pipe: {ResultText.Of(result)}");
        }
    }

    public override ulong Once()
    {
        ulong start = Timestamp.Read();
        _writer.Write(_bytes);
        _reader.Read((uint)_bytes.Length, _bytes, out int length);
        ulong cycles = Timestamp.Read() - start;
        return length == _bytes.Length ? cycles : throw new InvalidOperationException("the pipe has lost bytes");
    }

    public override void End()
    {
        _child.Destroy();
        Capabilities.Release(_child);
        Capabilities.Release(_reader);
        Capabilities.Release(_writer);
    }
}
