using System;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>4096 bytes.</summary>
internal sealed class PageModel : TypeModel
{
    private const ulong Size = 4096;
    private const int PageLog2 = 12;

    public override CapabilityType Type => CapabilityType.Page;

    public override Type Orders => typeof(PageOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ref Content sent = ref ask.Sent;
        bool isChange = sent.Order is PageOrder.Zero or PageOrder.CopyFrom or PageOrder.Write;
        if (isChange && (ask.Invoked.Rights & (Rights.ReadOnly | Rights.Weak)) != 0)
        {
            return Result.NoAccess;
        }

        switch (sent.Order)
        {
            case PageOrder.Reduce:
                return Reduced(ask, sent.Word1, ask.Invoked.Data, Type);
            case PageOrder.Zero:
                world.Touch(frame).Bytes.Clear();
                return Result.Ok;
            case PageOrder.CopyFrom:
                return CopyFrom(world, ask, frame);
            case PageOrder.Read:
                return Read(world, ask, frame);
            case PageOrder.Write:
                return Write(world, ask, frame);
            case PageOrder.WithGuard:
                return (byte)sent.Word1 == PageLog2
                    ? Reduced(ask, 0, sent.Word1, Type)
                    : Result.BadArgument;
            default:
                return Common(ask);
        }
    }

    private static Result CopyFrom(ModelWorld world, Ask ask, ModelFrame frame)
    {
        Capability source = ask.Sent.Argument0;
        if (source.Type != CapabilityType.Page)
        {
            return Result.BadArgument;
        }

        if (world.Calls.TryFind(ask, source, Result.BadArgument, out ModelFrame? from))
        {
            from!.Bytes.CopyTo(world.Touch(frame).Bytes);
        }

        return Result.Ok;
    }

    private static Result Read(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong offset = ask.Sent.Word1;
        ulong length = ask.Sent.Word2;
        if (offset > Size || length > Size - offset)
        {
            return Result.BadArgument;
        }

        if (world.Strings.TryOpenSink(ask, ask.ReplyTo, (int)length, out int room))
        {
            world.Strings.Answer(ask, frame.Bytes.Slice((int)offset, (int)length).ToArray(), room);
        }

        return Result.Ok;
    }

    private static Result Write(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong offset = ask.Sent.Word1;
        if (offset > Size || (ulong)ask.StringLength > Size - offset)
        {
            return Result.BadArgument;
        }

        if (world.Strings.TryOpenSource(ask))
        {
            world.Strings.Take(ask).CopyTo(world.Touch(frame).Bytes[(int)offset..]);
        }

        return Result.Ok;
    }
}
