// Schedule: the right to run at a priority, and perhaps by a reserve, in the capability itself. It acts by standing in
// a process's schedule slot (Reserves.RingOf); asked, it only says what it is.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: the common ones; TypeOf's w3 has the priority in its low 8 bits.</summary>
public static class ScheduleCapability
{
    public static Result Invoke(Message message) => message.AnswerCommon();
}
