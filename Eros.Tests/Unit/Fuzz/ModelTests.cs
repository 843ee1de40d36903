using System;
using System.Globalization;
using System.Linq;
using Eros.Tests.Fuzz;
using Eros.Tests.Unit.Kernel;
using NUnit.Framework;

namespace Eros.Tests.Unit.Fuzz;

/// <summary>Kernel and model, for a while. `./eros fuzz --model` is the same for longer. EROS_SEED begins elsewhere.
/// </summary>
public sealed class ModelTests
{
    private const long Steps = 150_000;

    [Test]
    public void Kernel_and_model_agree_after_each_step()
    {
        ulong seed = ulong.TryParse(
            Environment.GetEnvironmentVariable("EROS_SEED"), CultureInfo.InvariantCulture, out ulong given) ? given : 7;
        ModelOutcome outcome = ModelCampaign.Run(new ModelSettings
        {
            Seed = seed,
            Steps = Steps,
            Workers = 1,
            FastPath = NativeFastPath.TryRun,
            FastFault = NativeFastPath.TryFault,
        });
        TestContext.Out.WriteLine($"seed {seed}, {outcome.Steps} steps\n{outcome.Coverage}");
        Assert.That(outcome.Failure, Is.Null, $"seed {seed}\n{outcome.Failure?.What}\n{outcome.Failure?.Script}");
        Assert.That(outcome.Coverage.Missing(), Is.Empty, $"seed {seed}: never reached");
    }

    [Test]
    public void A_script_is_read_as_it_was_printed()
    {
        string script = """
            give 5 90000 1
            invoke Call r5 send 1,2,3,4 receive 11,12,13,14 order 2 words 3 0 1 string 100000+a0 room 100800+20
            invokefast Return r2 send 0,0,0,0 receive 5,0,0,0 order 0 words 0 0 0
            invoke malformed ff00000000000001 order 1 words 0 0 0
            touch 100000 1 ffffffffffffffff
            snapshot
            load 3e7 1 1
            """;
        (string printed, string? what) = ModelCampaign.Replay(script);
        Assert.That(what, Is.Null);
        string[] lines = [.. printed.Trim().Split('\n').Select(line => line.Split(" //")[0])];
        Assert.That(lines, Is.EqualTo(script.Split('\n')));
    }
}
