using System;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Shell;

public sealed partial class ShellDomain
{
    /// <param name="Usage">The name, and what is typed behind it; of one whose usage is its name, nothing is.</param>
    /// <param name="Purpose">A line for help.</param>
    /// <param name="Obey">Takes what was typed behind the name, and says so when that is not its usage.</param>
    private sealed record Command(string Usage, string Purpose, Action<string> Obey)
    {
        public string Name { get; } = SplitFirst(Usage).First;

        public bool TakesArguments => Usage != Name;
    }

    private Command[] Commands() =>
    [
        new("help", "this list", Help),
        new("ps", "the domains and what they are doing", ListProcesses),
        new("caps", "the capabilities that this shell holds", ListCapabilities),
        new("set NAME VALUE", "keeps a value", Set),
        new("get NAME", "shows it", Get),
        new("note [TEXT]", "keeps a line at once, without a checkpoint; shows it", Note),
        new("date [TIME]", "the date and the time, in UTC; sets them", Date),
        new("counter", "adds one to the counter", Count),
        new("checkpoint", "takes a checkpoint; returns when it is on disk", TakeCheckpoint),
        new("generation", "the newest checkpoint on disk", ShowGeneration),
        new("bench [ARGS]", "measures the system, which takes minutes", Bench),
        new("debug NAME [WHAT]", "looks at a domain; has a stopped one go on, or end", Debug),
        new("reserve [ARGS]", "what is promised of the processor's time; promises some", Reserve),
        new("demo [NAME]", "tells one of the stories of protection while it happens", Demo),
        new("passwd", "sets your password", ChangePassword),
        new("user [ORDER NAME]", "lists the users; adds or removes one", ManageUsers),
        new("logout", "ends the session; what runs goes on", LogOut),
        new("halt", "takes a checkpoint and stops the machine", Halt),
        new("run NAME [ARGS]", "calls a program", Run),
    ];

    private static string TypeName(ICapability capability) => Capabilities.TypeOf(capability) switch
    {
        CapabilityType.Void => "void",
        CapabilityType.Start => "a domain",
        CapabilityType.Node => "a node",
        CapabilityType.Page => "a page",
        CapabilityType.Checkpoint => "the machine's persistence",
        CapabilityType type => "type " + (uint)type,
    };
}
