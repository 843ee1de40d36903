// CapabilityTable: who answers for which type. Adding a type is a file beside this one, and a line here.
//
// The first group passes the message on to a process. All others are kernel objects, and answer as a process would: to
// the caller, or to whom argument 3 can resume, who is found and made dirty here, before any of them decides anything.

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
        switch (message.Invoked.Type)
        {
            case CapabilityType.Start:
                return StartCapability.Invoke(message);
            case CapabilityType.Forwarder:
                return ForwarderCapability.Invoke(message);
        }

        if (message.IsFault)
        {
            return Result.VoidCapability;
        }

        if (message.Invoked.Type == CapabilityType.Resume)
        {
            return ResumeCapability.Invoke(message);
        }

        if (!message.PrepareReply())
        {
            return Message.Ended;
        }

        return message.Invoked.Type switch
        {
            CapabilityType.Number => NumberCapability.Invoke(message),
            CapabilityType.Page => PageCapability.Invoke(message),
            CapabilityType.Node => NodeCapability.Invoke(message),
            CapabilityType.Space => SpaceCapability.Invoke(message),
            CapabilityType.Process => ProcessCapability.Invoke(message),
            CapabilityType.Notification => NotificationCapability.Invoke(message),
            CapabilityType.FaultResume => FaultResumeCapability.Invoke(message),
            CapabilityType.Range => RangeCapability.Invoke(message),
            CapabilityType.Schedule => ScheduleCapability.Invoke(message),
            CapabilityType.Sleep => SleepCapability.Invoke(message),
            CapabilityType.Checkpoint => CheckpointCapability.Invoke(message),
            CapabilityType.ConsoleGrant => ConsoleGrantCapability.Invoke(message),
            CapabilityType.ConsoleSession => ConsoleSessionCapability.Invoke(message),
            _ => VoidCapability.Invoke(message),
        };
    }
}
