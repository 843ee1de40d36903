using System;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>
/// After boot the kernel allocates nothing: not in an invocation of any kind, not in a fault, not in a dispatch.
/// </summary>
public sealed class AllocationTests : KernelTestBase
{
    private const int Rounds = 200;
    private SimulatedDomain _server = null!;

    [SetUp]
    public void MakeServer()
    {
        _server = Machine.NewDomain();
        _server.GiveSpace(2);
        _server.Await(InvocationWord.Registers(11, 12, 13, 14), room: 4096);
    }

    [Test]
    public void Calls_and_returns_allocate_nothing([Values(0u, 4096u)] uint length) => Expect0(() =>
    {
        Domain[20] = _server.Start();
        Domain.SetString(SimulatedDomain.Window, length, SimulatedDomain.Window, room: 4096);
        Domain.Invoke(InvocationKind.Call, 20, 1);
        Machine.Kernel.Scheduler.Dispatch();
        _server.SetString(SimulatedDomain.Window, length, SimulatedDomain.Window, room: 4096);
        _server.Prepare(InvocationKind.Return, 14, 1);
        _server.Invoke();
        Machine.Kernel.Scheduler.Dispatch();
    });

    [Test]
    public void Kernel_objects_allocate_nothing()
    {
        Capability page = Machine.NewPage();
        Capability node = Machine.NewNode(NodeKind.Space, 12);
        Capability range = Capability.Range(Machine.NewFrame(), 1);
        Machine.Enter(range.Oid.Frame, FrameKind.Free);
        var sleep = new Capability((byte)CapabilityType.Sleep, 0);
        Expect0(() =>
        {
            Domain[1] = page;
            Domain.SetString(SimulatedDomain.Window, 100, SimulatedDomain.Window, room: 4096);
            Domain.Call(page, PageOrder.Write, 5);
            Domain.Call(node, NodeOrder.Swap, 3);
            Domain.Call(range, RangeOrder.Create, 0, RangeKind.Process);
            Domain.Call(range, RangeOrder.Create, 0, RangeKind.Page);
            Domain.Call(Domain.Process, ProcessOrder.ReadRegisters);
            Domain.Call(sleep, SleepOrder.For, 10);
            Machine.Kernel.Scheduler.Dispatch();
            Machine.Pass(100_000_000);
            Machine.Kernel.Scheduler.Dispatch();
        });
    }

    [Test]
    public void Faults_allocate_nothing() => Expect0(() =>
    {
        Domain.Frame.Keeper = _server.Start();
        Machine.Kernel.PageFault(SimulatedDomain.Window + 0x9000, Access.Write);
        Machine.Kernel.Scheduler.Dispatch();
        _server.Prepare(InvocationKind.Return, 14, FaultResumeOrder.Retry);
        _server.Invoke();
        Machine.Kernel.Scheduler.Dispatch();
        Machine.Kernel.PageFault(SimulatedDomain.Window, Access.Write);
        Machine.Kernel.Scheduler.Dispatch();
    });

    [Test]
    public void A_process_that_stops_and_what_is_said_of_it_allocate_nothing()
    {
        var output = new byte[10_000];
        Expect0(() =>
        {
            Machine.Kernel.Fault(FaultCode.Divide, 0x1234, 0);
            Machine.Kernel.Scheduler.Dispatch();
            Machine.Kernel.Terminal.TakeOutput(output);
            Domain.Frame.FaultCode = FaultCode.None;
            Domain.Frame.RunState = RunState.Running;
            ProcessControl.Start(Machine.Kernel, Domain.Entry);
            Machine.Kernel.Scheduler.Dispatch();
        });
    }

    private static void Expect0(Action work)
    {
        for (int i = 0; i < Rounds; i++)
        {
            work();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
        {
            work();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
