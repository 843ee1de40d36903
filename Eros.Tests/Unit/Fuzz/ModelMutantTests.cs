using System;
using System.Globalization;
using System.Linq;
using System.Reflection;
using NUnit.Framework;

namespace Eros.Tests.Unit.Fuzz;

/// <summary>The model finds mistakes: each of these edits to the kernel makes it wrong, and is caught and shrunk to a
/// script that can be read. EROS_SEED begins elsewhere.</summary>
[Parallelizable]
public sealed class ModelMutantTests
{
    private const long Steps = 1_000_000;
    private const int Readable = 20;
    private const string Tables = "Eros.Kernel/Spaces/PageTables.cs";
    private const string Reserves = "Eros.Kernel/Scheduling/Reserves.cs";
    private const string Node = "Eros.Kernel/Capabilities/NodeCapability.cs";

    private static readonly ModelMutant[] _mutants =
    [
        new(
            "what is fetched through a weak node is not weakened",
            Node,
            "return message.Answer(Weakening.Through(message.Invoked.Rights, slot));",
            "return message.Answer({0} ? slot : Weakening.Through(message.Invoked.Rights, slot));"),
        new(
            "a resume capability can be used twice",
            "Eros.Kernel/Capabilities/ResumeCapability.cs",
            "message.Process(receiver).CallCount++;",
            "message.Process(receiver).CallCount += {0} ? 0u : 1u;"),
        new(
            "a rescinded object keeps its version",
            "Eros.Persistence/Store/FrameTable.Objects.cs",
            "e.Version = Next(e.Version);\n        if",
            "e.Version = {0} ? e.Version : Next(e.Version);\n        if"),
        new(
            "a brand is given out",
            "Eros.Kernel/Capabilities/ProcessCapability.cs",
            "if (isFetch && isBrand)",
            "if (isFetch && isBrand && !{0})"),
        new(
            "an open gate wakes nobody",
            Node,
            "message.Kernel.Stalls.WakeAll(StallReason.Gate, message.Invoked.Oid.Value);",
            "message.Kernel.Stalls.WakeAll({0} ? StallReason.None : StallReason.Gate, message.Invoked.Oid.Value);"),
        new(
            "page tables outlive a change of a slot",
            Node,
            "message.Kernel.Spaces.SlotChanging(entry, message.Invoked.Oid.Index, number);",
            "message.Kernel.Spaces.SlotChanging(entry, message.Invoked.Oid.Index, {0} ? number ^ 1 : number);"),
        new(
            "the memory that is read is the reader's",
            "Eros.Kernel/Capabilities/ProcessCapability.cs",
            "message.OpenMemory(process, message.Sent.Word1",
            "message.OpenMemory({0} ? message.Invoker : process, message.Sent.Word1"),
        new(
            "a prompt return waits",
            "Eros.Kernel/Invocation/Message.cs",
            "bool isPrompt = Kind is InvocationKind.Return or InvocationKind.Reply;",
            "bool isPrompt = Kind is InvocationKind.Reply || (Kind is InvocationKind.Return && !{0});"),
        new(
            "a notification replaces those that are pending",
            "Eros.Kernel/Processes/ProcessControl.cs",
            "frame.Notifications |= bits;",
            "frame.Notifications = {0} ? bits : frame.Notifications | bits;"),
        new(
            "a forwarder forges the payload of any start capability",
            "Eros.Kernel/Capabilities/ForwarderCapability.cs",
            "&& (target.Rights & Rights.FixedPayload) == 0;",
            "&& ({0} || (target.Rights & Rights.FixedPayload) == 0);"),
        new(
            "a table keeps its writable entries over a snapshot",
            Tables,
            "            t.Protect();\n",
            "            if (!{0}) { t.Protect(); }\n"),
        new(
            "a string is stored by an entry from before a snapshot",
            Tables,
            "return IsOfThisEpoch(leaf) ? entry : entry.Protected();",
            "return {0} || IsOfThisEpoch(leaf) ? entry : entry.Protected();"),
        new(
            "a schedule is of whatever reserve has its number",
            Reserves,
            "&& reserve.Version == schedule.Version)",
            "&& ({0} || reserve.Version == schedule.Version))"),
        new(
            "a pause earns time",
            Reserves,
            "|| (ulong)reserve.LeftNs * reserve.PeriodNs > (reserve.EndNs - now) * reserve.DurationNs))",
            "|| {0} || (ulong)reserve.LeftNs * reserve.PeriodNs > (reserve.EndNs - now) * reserve.DurationNs))"),
        new(
            "more is promised than there is",
            Reserves,
            "ShareOf(periodNs, durationNs) > Limits.ReservedShare",
            "ShareOf(periodNs, durationNs) > ({0} ? 2000 : Limits.ReservedShare)"),
        new(
            "what is written of a snapshot is not kept",
            "Eros.Persistence/Store/FrameTable.Snapshot.cs",
            "if (IsPending(e.Flags) && !KeepImage(ref e))",
            "if (!{0} && IsPending(e.Flags) && !KeepImage(ref e))"),
        new(
            "a pin outlives what was pinned",
            "Eros.Persistence/Store/FrameTable.Objects.cs",
            "SetPinned(entry, false);\n        if (e.Kind",
            "SetPinned(entry, {0} && IsPinned(entry));\n        if (e.Kind"),
        new(
            "more is pinned than may be",
            "Eros.Kernel/Capabilities/ReserveGrantCapability.cs",
            "frames.PinnedFrames >= frames.PinLimit",
            "frames.PinnedFrames >= frames.PinLimit + ({0} ? 1u : 0)"),
    ];

    private static readonly ulong _seed =
        ulong.TryParse(Environment.GetEnvironmentVariable("EROS_SEED"), CultureInfo.InvariantCulture, out ulong given)
            ? given : 1;

    [Test]
    public void Each_mistake_is_caught_and_shrunk_to_a_few_steps() => ModelMutant.Compile(_mutants, assembly =>
    {
        Assert.That(ModelMutant.FirstFailure(assembly, 0, _seed, 20_000), Is.Null, $"no mistake, seed {_seed}");
        Assert.Multiple(() =>
        {
            for (int i = 0; i < _mutants.Length; i++)
            {
                Catch(assembly, i);
            }
        });
    });

    private static void Catch(Assembly assembly, int index)
    {
        string name = _mutants[index].Name;
        (string Script, string What)? failure = ModelMutant.FirstFailure(assembly, index + 1, _seed, Steps);
        Assert.That(failure, Is.Not.Null, $"{name}, seed {_seed}");
        if (failure is { } found)
        {
            TestContext.Out.WriteLine($"{name}: {found.What}\n{found.Script}");
            int steps = found.Script.Split('\n').Count(line => line != "");
            Assert.That(steps, Is.LessThanOrEqualTo(Readable), $"{name}, seed {_seed}\n{found.Script}");
        }
    }
}
