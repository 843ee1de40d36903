// Schedule: the right to run at a priority, in the capability itself. It acts by standing in a process's schedule slot
// (ProcessControl.PriorityOf); asked, it only says what it is.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: the common ones; TypeOf's w3 is the priority.</summary>
public static class ScheduleCapability
{
    public static Result Invoke(Message message) => message.AnswerCommon();
}
