// CapabilityTable: who answers for which type. Adding a type is a file beside this one, and a line here.
//
// Start, forwarder and resume pass the message on to a process. All others are kernel objects, and answer as a process
// would: to the caller, or to whom argument 3 can resume, who is found and made dirty here, before any of them decides
// anything. So is the object of a capability that names one: the handler gets its entry in the frame table.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Finds the handler.</summary>
public static class CapabilityTable
{
    /// <summary>Has the message decoded, committed and performed.</summary>
    public static Verdict Invoke(Message message) => message.Close(Dispatch(message));

    /// <summary>The handler of the invoked capability; see Message for what it returns.</summary>
    public static Result Dispatch(Message message)
    {
        CapabilityType type = message.Invoked.Type;
        if (message.IsFault && type is not (CapabilityType.Start or CapabilityType.Forwarder))
        {
            return Result.VoidCapability;
        }

        bool passesOn = type is CapabilityType.Start or CapabilityType.Forwarder or CapabilityType.Resume;
        if (!passesOn && !message.PrepareReply())
        {
            return Message.Ended;
        }

        int entry = Message.Nobody;
        if (message.Invoked.NamesObject)
        {
            entry = message.Find();
            if (entry == Message.Nobody)
            {
                return Message.Ended;
            }
        }

        return type switch
        {
            CapabilityType.Number => NumberCapability.Invoke(message),
            CapabilityType.Page => PageCapability.Invoke(message, entry),
            CapabilityType.Node => NodeCapability.Invoke(message, entry),
            CapabilityType.Space => SpaceCapability.Invoke(message),
            CapabilityType.Forwarder => ForwarderCapability.Invoke(message, entry),
            CapabilityType.Process => ProcessCapability.Invoke(message, entry),
            CapabilityType.Start => StartCapability.Invoke(message, entry),
            CapabilityType.Notification => NotificationCapability.Invoke(message, entry),
            CapabilityType.Resume => ResumeCapability.Invoke(message, entry),
            CapabilityType.FaultResume => FaultResumeCapability.Invoke(message, entry),
            CapabilityType.Range => RangeCapability.Invoke(message),
            CapabilityType.Schedule => ScheduleCapability.Invoke(message),
            CapabilityType.Sleep => SleepCapability.Invoke(message),
            CapabilityType.Discrim => DiscrimCapability.Invoke(message),
            CapabilityType.ProcessTool => ProcessToolCapability.Invoke(message),
            CapabilityType.Checkpoint => CheckpointCapability.Invoke(message),
            CapabilityType.ConsoleGrant => ConsoleGrantCapability.Invoke(message),
            CapabilityType.ConsoleSession => ConsoleSessionCapability.Invoke(message),
            CapabilityType.DeviceMemory => DeviceMemoryCapability.Invoke(message),
            CapabilityType.IoPort => IoPortCapability.Invoke(message),
            CapabilityType.Interrupt => InterruptCapability.Invoke(message),
            CapabilityType.DeviceGrant => DeviceGrantCapability.Invoke(message),
            CapabilityType.ReserveGrant => ReserveGrantCapability.Invoke(message),
            _ => VoidCapability.Invoke(message),
        };
    }
}
