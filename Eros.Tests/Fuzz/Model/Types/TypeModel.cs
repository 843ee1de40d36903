using System.Collections.Generic;
using System.Linq;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>What one type of capability does. One file each; a new type is a file, and a line in <see cref="All"/>.
/// </summary>
internal abstract class TypeModel
{
    /// <summary>All that there are; other types are void to the kernel.</summary>
    public static readonly TypeModel[] All =
    [
        new VoidModel(),
        new NumberModel(),
        new PageModel(),
        new NodeModel(),
        new SpaceModel(),
        new ForwarderModel(),
        new ProcessModel(),
        new StartModel(),
        new NotificationModel(),
        new ResumeModel(),
        new FaultResumeModel(),
        new RangeModel(),
        new ScheduleModel(),
        new SleepModel(),
        new DiscrimModel(),
        new ProcessToolModel(),
        new CheckpointModel(),
        new ConsoleGrantModel(),
        new ConsoleSessionModel(),
        new DeviceMemoryModel(),
        new IoPortModel(),
        new InterruptModel(),
        new DeviceGrantModel(),
        new ReserveGrantModel(),
    ];

    private static readonly TypeModel[] _byNumber =
        [.. Enumerable.Range(0, 256).Select(number => All.FirstOrDefault(one => (int)one.Type == number) ?? All[0])];

    public abstract CapabilityType Type { get; }

    /// <summary>The class of Protocol that numbers its orders; null when every order is the same to it.</summary>
    public virtual System.Type? Orders => null;

    /// <summary>Orders of that class that are left out so far.</summary>
    public virtual IReadOnlyList<uint> Unmodelled => [];

    /// <summary>True when a process answers.</summary>
    public virtual bool PassesOn => false;

    /// <summary>True when its OID names an object.</summary>
    public bool NamesObject => Type is >= CapabilityType.Page and <= CapabilityType.FaultResume;

    /// <summary>Does what is asked. <paramref name="frame"/> holds its object, if it names one.</summary>
    public abstract Result Answer(ModelWorld world, Ask ask, ModelFrame frame);

    public static TypeModel Of(CapabilityType type) => _byNumber[(byte)type];

    /// <summary>What every object of the kernel does with an order that it has no operation for.</summary>
    protected static Result Common(Ask ask)
    {
        if (ask.Sent.Order != CommonOrder.TypeOf)
        {
            return Result.UnknownOrder;
        }

        ask.Reply.Word1 = (ulong)ask.Invoked.Type;
        ask.Reply.Word2 = (ulong)ask.Invoked.Rights;
        ask.Reply.Word3 = ask.Invoked.Data;
        return Result.Ok;
    }

    protected static Result Give(Ask ask, in Capability capability)
    {
        ask.Reply.Argument0 = capability;
        return Result.Ok;
    }

    /// <summary>The invoked capability with less to it.</summary>
    protected static Result Reduced(Ask ask, ulong taken, ulong data, CapabilityType type)
    {
        const ulong All = 31;
        if (taken > All || data > uint.MaxValue)
        {
            return Result.BadArgument;
        }

        Capability invoked = ask.Invoked;
        Rights rights = invoked.Rights | (Rights)taken;
        ulong low = (byte)type | ((ulong)rights << 8) | (invoked.Oid.Value << 16);
        return Give(ask, new Capability(low, invoked.Version | (data << 32)));
    }

    /// <summary>What can be seen of a capability through a weak one.</summary>
    protected static Capability Through(Rights rights, in Capability capability)
    {
        if ((rights & Rights.Weak) == 0)
        {
            return capability;
        }

        return capability.Type switch
        {
            CapabilityType.Number or CapabilityType.Discrim => capability,
            CapabilityType.Page => capability.Less(Rights.ReadOnly),
            CapabilityType.Node or CapabilityType.Space =>
                capability.Less(Rights.ReadOnly | Rights.Weak | Rights.NoCall),
            _ => Capability.Void,
        };
    }
}
