using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>A machine with one process that runs and asks kernel objects.</summary>
public abstract class KernelTestBase
{
    protected SimulatedMachine Machine { get; private set; } = null!;

    protected SimulatedDomain Domain { get; private set; } = null!;

    /// <summary>The first capability of the last answer.</summary>
    protected Capability Answer => Domain[11];

    [SetUp]
    public void MakeMachine()
    {
        Machine = new SimulatedMachine();
        Domain = Machine.NewRunning(pages: 4);
        Machine.Dispatch();
    }

    [TearDown]
    public void DisposeMachine() => Machine.Dispose();

    /// <summary>Asks with one argument capability, and demands a result.</summary>
    protected void Expect(
        Result expected,
        Capability capability,
        ulong order,
        ulong word1 = 0,
        ulong word2 = 0,
        ulong word3 = 0,
        Capability argument = default)
    {
        Domain[1] = argument;
        Result result = Domain.Call(capability, order, word1, word2, word3);
        Assert.That(result, Is.EqualTo(expected), $"{capability.Type}: {order:x} {word1:x} {word2:x} {word3:x}");
    }

    /// <summary>The type that a capability says it has.</summary>
    protected CapabilityType TypeOf(Capability capability)
    {
        Expect(Result.Ok, capability, CommonOrder.TypeOf);
        return (CapabilityType)Domain.Frame.Rsi;
    }
}
