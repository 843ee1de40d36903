using System.CommandLine;
using System.Linq;
using Eros.Build.Cli.Testing;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros test`.</summary>
internal static class TestCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var kind = new Argument<string>("KIND")
        {
            Description = "unit, crash, system or all",
            DefaultValueFactory = _ => "all",
        };
        kind.AcceptOnlyFromAmong([.. TestRunner.Filters.Keys]);
        var command = new Command("test", "Run the tests; the last line counts them") { kind };
        command.SetAction(parsed => new TestRunner(tree, screen).Run(parsed.GetValue(kind)!));
        return command;
    }
}
