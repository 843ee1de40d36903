using System.Collections.Generic;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>What is told of a capability that is shown and not invoked: DiscrimCapability, Liveness.</summary>
public sealed class DiscrimTests : KernelTestBase
{
    private static readonly Capability _discrim = new((byte)CapabilityType.Discrim, 0);

    [Test]
    public void A_capability_is_classified_without_being_invoked()
    {
        SimulatedDomain server = Machine.NewDomain();
        Capability forwarder = Machine.NewNode(NodeKind.Forwarder).WithType(CapabilityType.Forwarder);
        (Capability, uint)[] expected =
        [
            (default, DiscrimClass.Void), (Capability.Number(5), DiscrimClass.Number),
            (Machine.NewPage(), DiscrimClass.Page), (Domain.SpaceNode, DiscrimClass.Node),
            (Domain.Frame.Space, DiscrimClass.Space), (Bare(CapabilityType.Schedule), DiscrimClass.Schedule),
            (server.Start(3), DiscrimClass.Other), (server.Process, DiscrimClass.Other),
            (server.Notification(1), DiscrimClass.Other), (forwarder, DiscrimClass.Other),
            (Capability.Range(1, 2), DiscrimClass.Other), (Bare(CapabilityType.Sleep), DiscrimClass.Other),
            (_discrim, DiscrimClass.Other), (Bare(CapabilityType.ProcessTool), DiscrimClass.Other),
            (Bare(CapabilityType.Checkpoint), DiscrimClass.Other), (Session(), DiscrimClass.Other),
            (Bare(CapabilityType.ConsoleGrant), DiscrimClass.Other), (Bare((CapabilityType)200), DiscrimClass.Void),
            (Device(CapabilityType.IoPort), DiscrimClass.Other), (Bare(CapabilityType.DeviceGrant), DiscrimClass.Other),
            (Bare(CapabilityType.IoPort), DiscrimClass.Void), (Bare((CapabilityType)24), DiscrimClass.Void),
            (Bare(CapabilityType.ReserveGrant), DiscrimClass.Other),
        ];
        foreach ((Capability capability, uint found) in expected)
        {
            Assert.That(Classify(capability), Is.EqualTo(found), capability.Type.ToString());
        }

        Assert.That(server.State, Is.EqualTo(RunState.Available));
    }

    [Test]
    public void The_rights_that_memory_lacks_are_told_with_its_class([Values] bool isPage)
    {
        Capability memory = isPage ? Machine.NewPage() : Domain.SpaceNode;
        Classify(memory.Less(Rights.ReadOnly | Rights.Opaque));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo((ulong)(Rights.ReadOnly | Rights.Opaque)));
        Classify(Domain.Start(7));
        Assert.That(Domain.Frame.Rdx, Is.Zero);
    }

    [Test]
    public void What_is_gone_is_void()
    {
        Capability page = Machine.NewPage();
        Capability old = new(CapabilityType.Page, page.Oid, page.Version + 1, page.Data);
        Assert.That(Classify(old), Is.EqualTo(DiscrimClass.Void));
        Assert.That(IsDiscreet(old), "nothing can be told through nothing");
        Assert.That(Compare(old, default), Is.EqualTo(DiscrimComparison.Same));
        Assert.That(Compare(old, page), Is.EqualTo(DiscrimComparison.Different));
        Capability session = Session();
        Machine.Counters.Values.BootEpoch++;
        Assert.That(Classify(session), Is.EqualTo(DiscrimClass.Void));
    }

    [TestCase(CapabilityType.Resume, RunState.Waiting, DiscrimClass.Resume)]
    [TestCase(CapabilityType.Resume, RunState.Faulted, DiscrimClass.Void)]
    [TestCase(CapabilityType.FaultResume, RunState.Faulted, DiscrimClass.Resume)]
    [TestCase(CapabilityType.FaultResume, RunState.Available, DiscrimClass.Void)]
    public void The_right_to_answer_lasts_as_long_as_somebody_waits(CapabilityType type, RunState state, uint found)
    {
        SimulatedDomain client = Machine.NewDomain();
        client.Frame.RunState = state;
        Assert.That(Classify(Capability.Resume(client.Oid, client.Frame.CallCount, type)), Is.EqualTo(found));
        Assert.That(
            Classify(Capability.Resume(client.Oid, client.Frame.CallCount - 1, type)), Is.EqualTo(DiscrimClass.Void));
    }

    [Test]
    public void Only_what_can_neither_change_nor_tell_anything_is_discreet()
    {
        const Rights sensory = Rights.ReadOnly | Rights.Weak | Rights.NoCall;
        for (Rights rights = 0; rights < Rights.FixedPayload; rights++)
        {
            bool reads = (rights & (Rights.ReadOnly | Rights.Weak)) != 0;
            bool isSensory = (rights & sensory) == sensory;
            Assert.That(IsDiscreet(Machine.NewPage().Less(rights)), Is.EqualTo(reads), $"page {rights}");
            Assert.That(IsDiscreet(Domain.SpaceNode.Less(rights)), Is.EqualTo(isSensory), $"node {rights}");
            Assert.That(IsDiscreet(Domain.Frame.Space.Less(rights)), Is.EqualTo(isSensory), $"space {rights}");
        }

        HashSet<CapabilityType> discreet = [CapabilityType.Void, CapabilityType.Number, CapabilityType.Discrim];
        for (CapabilityType type = CapabilityType.Void; type <= CapabilityType.ReserveGrant; type++)
        {
            bool isMemory = type is CapabilityType.Page or CapabilityType.Node or CapabilityType.Space;
            if (!isMemory)
            {
                Capability live = Live(type).Less(sensory);
                Assert.That(IsDiscreet(live), Is.EqualTo(discreet.Contains(type)), type.ToString());
            }
        }
    }

    [Test]
    public void Capabilities_compare_by_bits_and_by_object()
    {
        Capability page = Machine.NewPage();
        SimulatedDomain server = Machine.NewDomain();
        Assert.Multiple(() =>
        {
            Assert.That(Compare(page, page), Is.EqualTo(DiscrimComparison.Same));
            Assert.That(Compare(page, page.Less(Rights.ReadOnly)), Is.EqualTo(DiscrimComparison.SameObject));
            Assert.That(Compare(page, Machine.NewPage()), Is.EqualTo(DiscrimComparison.Different));
            Assert.That(Compare(server.Start(1), server.Start(2)), Is.EqualTo(DiscrimComparison.SameObject));
            Assert.That(Compare(Domain.SpaceNode, Domain.Frame.Space), Is.EqualTo(DiscrimComparison.SameObject));
            Assert.That(Compare(Capability.Number(1), Capability.Number(1)), Is.EqualTo(DiscrimComparison.Same));
            Assert.That(Compare(Capability.Number(1), Capability.Number(2)), Is.EqualTo(DiscrimComparison.Different));
            Assert.That(Compare(Capability.Range(1, 2), Capability.Range(1, 3)), Is.Zero, "no object");
            Assert.That(Compare(default, default), Is.EqualTo(DiscrimComparison.Same));
        });
    }

    [TestCase(DiscrimOrder.Classify, 1)]
    [TestCase(DiscrimOrder.VerifyDiscreet, 1)]
    [TestCase(DiscrimOrder.Compare, 2)]
    public void What_is_only_on_disk_is_loaded_first(uint order, int register)
    {
        ulong frame = Machine.NewFrame();
        Domain[register] = new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12);
        Domain.Call(_discrim, order);
        Assert.That(Machine.Waits(StallReason.Load));
        Assert.That(Machine.Dispatch(), Is.Null);
        Machine.Enter(frame, FrameKind.Page);
        Machine.Events.Loaded(frame, Outcome.Ok);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += InvocationWord.InstructionBytes;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.Ok));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(order == DiscrimOrder.Classify ? DiscrimClass.Page : 0));
    }

    [Test]
    public void What_cannot_be_read_is_told_so()
    {
        ulong frame = Machine.NewFrame();
        Domain[1] = new Capability(CapabilityType.Page, Oid.Of(frame), 1, 12);
        Domain.Call(_discrim, DiscrimOrder.Classify);
        Machine.Events.Loaded(frame, Outcome.BadBlock);
        Machine.Dispatch();
        Domain.Frame.Rip += InvocationWord.InstructionBytes;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.BadObject));
    }

    private static Capability Bare(CapabilityType type) => new((byte)type, 0);

    /// <summary>A capability that is not void, of each type that names no memory.</summary>
    private Capability Live(CapabilityType type)
    {
        SimulatedDomain client = Machine.NewDomain();
        client.Frame.RunState = RunState.Waiting;
        return type switch
        {
            CapabilityType.Forwarder => Machine.NewNode(NodeKind.Forwarder).WithType(type),
            CapabilityType.Process or CapabilityType.Start or CapabilityType.Notification =>
                client.Process.WithType(type),
            CapabilityType.Resume or CapabilityType.FaultResume =>
                Capability.Resume(client.Oid, client.Frame.CallCount, type),
            CapabilityType.ConsoleSession => Session(),
            CapabilityType.DeviceMemory or CapabilityType.IoPort or CapabilityType.Interrupt => Device(type),
            _ => Bare(type),
        };
    }

    private Capability Device(CapabilityType type) => new(type, default, (uint)Machine.Counters.Values.BootEpoch);

    private Capability Session()
    {
        Expect(Result.Ok, Bare(CapabilityType.ConsoleGrant), ConsoleGrantOrder.OpenSession);
        return Answer;
    }

    private uint Classify(Capability capability)
    {
        Expect(Result.Ok, _discrim, DiscrimOrder.Classify, argument: capability);
        return (uint)Domain.Frame.Rsi;
    }

    private bool IsDiscreet(Capability capability)
    {
        Expect(Result.Ok, _discrim, DiscrimOrder.VerifyDiscreet, argument: capability);
        return Domain.Frame.Rsi != 0;
    }

    private uint Compare(Capability one, Capability other)
    {
        Domain[2] = other;
        Expect(Result.Ok, _discrim, DiscrimOrder.Compare, argument: one);
        return (uint)Domain.Frame.Rsi;
    }
}
