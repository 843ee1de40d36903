using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Cli;
using Eros.Build.Cli.Documents;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Eros.Tests.Unit.Kernel;

/// <summary>
/// docs/capabilities.md is what the protocol's comments say, and the comments are what the kernel does: the tests of
/// kernel objects are run once more, and what they see is compared order by order.
/// </summary>
public sealed class CapabilityPageTests
{
    private const string Rerun = "the tests of kernel objects, run once more";

    /// <summary>One invokes at random, the other counts what is allocated.</summary>
    private static readonly HashSet<Type> _others = [typeof(HostileTests), typeof(AllocationTests)];

    /// <summary>Types that take any order, or pass it on.</summary>
    private static readonly HashSet<CapabilityType> _free =
    [
        CapabilityType.Void, CapabilityType.Forwarder, CapabilityType.Start, CapabilityType.Notification,
        CapabilityType.Resume, CapabilityType.FaultResume,
    ];

    private static readonly HashSet<Result> _ofAll = [Result.Ok, Result.VoidCapability, Result.BadObject];
    private static readonly Tree _tree = new(Repository.Root);
    private static readonly List<Observation> _seen = [];

    [OneTimeSetUp]
    public void Observe()
    {
        List<string> fixtures = [.. typeof(KernelTestBase).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(KernelTestBase)) && !_others.Contains(type))
            .Select(type => type.FullName!)];
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(KernelTestBase).Assembly, new Dictionary<string, object> { ["LOAD"] = fixtures });
        SimulatedDomain.Observer = _seen.Add;
        ITestResult result = runner.Run(TestListener.NULL, TestFilter.Empty);
        SimulatedDomain.Observer = null;
        Assert.That(Failed(result), Is.Empty, Rerun);
        Assert.That(result.PassCount, Is.GreaterThan(fixtures.Count), Rerun);
    }

    [Test]
    public void The_page_is_what_the_comments_say() => Assert.That(
        File.ReadAllText(Repository.PathOf(CapabilityPage.Path)),
        Is.EqualTo(CapabilityPage.Render(_tree)),
        "write it with ./eros docs");

    [Test]
    public void Every_type_and_every_order_is_in_the_sources_once_and_says_what_it_is()
    {
        (IReadOnlyList<ProtocolNumber> types, var orders) = CapabilityPage.Declared(_tree);
        Assert.That(types.Select(type => type.Name), Is.EqualTo(Enum.GetNames<CapabilityType>()));
        Assert.That(types.Where(type => type.Comment.Summary.Length == 0), Is.Empty);
        Assert.That(orders.Where(order => order.Order.Comment.Summary.Length == 0), Is.Empty);
        IEnumerable<string> declared = typeof(CommonOrder).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CommonOrder).Namespace && type.Name.EndsWith("Order"))
            .SelectMany(type => type.GetFields().Select(field => $"{type.Name}.{field.Name}"));
        Assert.That(orders.Select(order => $"{order.Type}Order.{order.Order.Name}"), Is.EquivalentTo(declared));
    }

    [Test]
    public void Every_type_is_invoked_by_a_test() => Assert.That(
        Enum.GetValues<CapabilityType>().Where(type => _seen.All(seen => seen.Type != type)), Is.Empty);

    [Test]
    public void Every_order_is_tested_and_does_what_its_comment_says()
    {
        List<string> problems = [];
        foreach ((string type, ProtocolNumber order) in CapabilityPage.Declared(_tree).Orders)
        {
            List<Observation> calls = [.. _seen.Where(seen => seen.Order == order.Value && IsOf(seen.Type, type))];
            foreach (string problem in Compare(order.Comment, calls, IsFree(type)))
            {
                problems.Add($"{type}.{order.Name}: {problem}");
            }
        }

        Assert.That(string.Join('\n', problems), Is.Empty);
    }

    [Test]
    public void An_order_that_no_comment_has_is_unknown()
    {
        var orders = CapabilityPage.Declared(_tree).Orders;
        IEnumerable<string> answered = _seen
            .Where(seen => seen.Result is not (Result.UnknownOrder or Result.VoidCapability))
            .Where(seen => !_free.Contains(seen.Type))
            .Where(seen => !orders.Any(order => order.Order.Value == seen.Order && IsOf(seen.Type, order.Type)))
            .Select(seen => $"{seen.Type} {seen.Order:x}: {seen.Result}");
        Assert.That(answered, Is.Empty);
    }

    private static IEnumerable<string> Failed(ITestResult result) => result.HasChildren
        ? result.Children.SelectMany(Failed)
        : result.ResultState.Status == TestStatus.Failed ? [$"{result.FullName}: {result.Message}"] : [];

    private static bool IsOf(CapabilityType type, string name) =>
        name == "Common" ? !_free.Contains(type) : type.ToString() == name;

    private static bool IsFree(string name) => Enum.TryParse(name, out CapabilityType type) && _free.Contains(type);

    /// <summary>What the comment says and was not seen, and the other way round.</summary>
    private static IEnumerable<string> Compare(ProtocolComment says, List<Observation> calls, bool isFree)
    {
        List<Observation> done = [.. calls.Where(seen => seen.Result is null or Result.Ok)];
        if (done.Count == 0)
        {
            yield return "no test sees it done";
        }

        HashSet<string> fails = [.. calls.Where(seen => seen.Result is { } result && !_ofAll.Contains(result))
            .Select(seen => NameOf(seen.Result!.Value))];
        HashSet<string> outs = [.. done.SelectMany(seen => seen.Outs)];
        bool waits = calls.Any(seen => seen.Waits);
        if (waits != says["waits"].Length > 0)
        {
            yield return waits ? "it waits" : "no test sees it wait";
        }

        foreach (string problem in isFree ? [] : Differences("result", says.Failures, fails)
            .Concat(Differences("answer", says.Outs, outs)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Differences(string what, IEnumerable<string> said, HashSet<string> seen) =>
        said.Except(seen).Select(one => $"no test sees {what} {one}")
            .Concat(seen.Except(said).Select(one => $"{what} {one} is in no comment"));

    private static string NameOf(Result result) => result == (Result)CheckpointResult.NotInCheckpoint
        ? nameof(CheckpointResult.NotInCheckpoint)
        : result.ToString();
}
