// HostileDomain: misbehaves on request, so that tests can see that nobody else is harmed. It holds no capability but
// its account at the bank, runs at the lowest priority, and is started again by the warden after each fault.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Hostile;

/// <summary>run hostile KIND.</summary>
[Domain]
public sealed unsafe partial class HostileDomain : Domain, IProgram
{
    private const ulong KernelAddress = 0xFFFF_8000_0000_0000;
    private const ulong NonCanonical = 0x0000_8000_0000_0000;
    private const int StringBytes = 64;

    [Capability]
    internal partial ISpaceBank Storage { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        output = "";
        switch (arguments)
        {
            case "runaway":
                ProgramServer.ReplyRun(Defer(), Result.Ok, "it runs away; run warden restart hostile brings it back\n");
                Instructions.RunAway();
                return Result.Ok;
            case "hang":
                Instructions.RunAway();
                return Result.Ok;
            case "mute":
                Defer().GiveUp();
                return Result.Ok;
        }

        if (arguments == "hoard")
        {
            return Hoard.Run(Storage, out output);
        }

        if (arguments == "invoke")
        {
            return HostileInvocations.Run(out output);
        }

        if (!TouchOrJump(arguments) && !Execute(arguments) && !InvokeWithBadString(arguments))
        {
            output = "usage: run hostile KIND, one of\n"
                + "  null kernel kernel-write noncanonical guard text data wild\n"
                + "  divide garbage privileged port breakpoint step stack interrupt\n"
                + "  send-null send-kernel receive-null receive-kernel receive-text\n"
                + "  invoke hoard runaway hang mute\n";
            return Result.BadArgument;
        }

        output = "it came through\n";
        return Result.Ok;
    }

    private static bool TouchOrJump(string kind)
    {
        switch (kind)
        {
            case "null": Instructions.Read(0); return true;
            case "kernel": Instructions.Read(KernelAddress); return true;
            case "kernel-write": Instructions.Write(KernelAddress); return true;
            case "noncanonical": Instructions.Read(NonCanonical); return true;
            case "guard": Instructions.Read(SpaceLayout.StackRegion); return true;
            case "text": Instructions.Write(SpaceLayout.Program); return true;
            case "data": Instructions.Jump(Data()); return true;
            case "wild": Instructions.Jump(NonCanonical); return true;
            default: return false;
        }
    }

    private static ulong Data() => (ulong)DomainState.AddressOf(DomainState.NewBuffer(StringBytes));

    private static bool Execute(string kind)
    {
        switch (kind)
        {
            case "divide": Instructions.Divide(); return true;
            case "garbage": Instructions.Garbage(); return true;
            case "privileged": Instructions.Privileged(); return true;
            case "port": Instructions.Port(); return true;
            case "breakpoint": Instructions.Breakpoint(); return true;
            case "step": Instructions.SingleStep(); return true;
            case "stack": Instructions.LoseStack(); return true;
            case "interrupt": Instructions.Interrupt(); return true;
            default: return false;
        }
    }

    private static bool InvokeWithBadString(string kind)
    {
        switch (kind)
        {
            case "send-null": HostileInvocations.Send(0); return true;
            case "send-kernel": HostileInvocations.Send(KernelAddress); return true;
            case "receive-null": HostileInvocations.Receive(0); return true;
            case "receive-kernel": HostileInvocations.Receive(KernelAddress); return true;
            case "receive-text": HostileInvocations.Receive(SpaceLayout.Program); return true;
            default: return false;
        }
    }
}
