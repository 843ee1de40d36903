using System;
using Eros.Domains.Runtime;
using Eros.Persistence.Layout;

namespace Eros.Domains.Shell;

public sealed partial class ShellDomain
{
    /// <param name="Usage">The name, and what is typed behind it; of one whose usage is its name, nothing is.</param>
    /// <param name="Purpose">A line for help.</param>
    /// <param name="Obey">Takes what was typed behind the name, and says so when that is not its usage.</param>
    /// <param name="IsHeld">The desk was given what the command is about.</param>
    private sealed record Command(string Usage, string Purpose, Action<string> Obey, bool IsHeld = true)
    {
        public string Name { get; } = SplitFirst(Usage).First;

        public bool TakesArguments => Usage != Name;
    }

    // What a desk is given is settled when it is made.
    private Command[] Commands()
    {
        bool hasCheckpoint = !Capabilities.IsVoid(_checkpoint);
        bool hasNote = hasCheckpoint && !Capabilities.IsVoid(_notePage);
        _maySetClock = !Capabilities.IsVoid(_clockSetter);
        string date = "the date and the time, in UTC" + (_maySetClock ? "; sets them" : "");
        return
        [
            new("help", "this list", Help),
            new("ps", "the domains and what they are doing", ListProcesses, !Capabilities.IsVoid(_warden)),
            new("caps", "the capabilities that this shell holds", ListCapabilities),
            new("set NAME VALUE", "keeps a value", Set),
            new("get NAME", "shows it", Get),
            new("note [TEXT]", "keeps a line at once, without a checkpoint; shows it", Note, hasNote),
            new("date [TIME]", date, Date),
            new("counter", "adds one to the counter", Count, !Capabilities.IsVoid(_counter)),
            new("checkpoint", "takes a checkpoint; returns when it is on disk", TakeCheckpoint, hasCheckpoint),
            new("generation", "the newest checkpoint on disk", ShowGeneration, hasCheckpoint),
            new("bench [ARGS]", "measures the system, which takes minutes", Bench, Has("bench")),
            new("debug NAME [WHAT]", "looks at a domain; has a stopped one go on, or end", Debug, Has("debug")),
            new("reserve [ARGS]", "what is promised of the processor's time; promises some", Reserve, Has("reserve")),
            new("demo [NAME]", "tells one of the stories of protection while it happens", Demo, Has("demo")),
            new("passwd", "sets your password", ChangePassword),
            new("user [ORDER NAME]", "lists the users; adds or removes one", ManageUsers),
            new("version", "which shell this is, and which is offered in its place", ShowVersion),
            new("upgrade", "has the shell that is offered go on from here", Upgrade, !Capabilities.IsVoid(_upgrades)),
            new("logout", "ends the session; what runs goes on", LogOut),
            new("halt", "takes a checkpoint and stops the machine", Halt, hasCheckpoint),
            new("run NAME [ARGS]", "calls a program", Run),
        ];
    }

    private bool Has(string program)
    {
        bool isThere = new Directory(_programNames, _programs).TryFind(program, out ICapability held);
        Capabilities.Release(held);
        return isThere;
    }

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
