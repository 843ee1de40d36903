using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The upgrader, also where the disk cannot read just then what it moves.</summary>
public sealed class UpgraderTests
{
    // What one of the two is told in a move, from its beginning: it is read, and once more in the move.
    private const int OrdersOfTrial = 17;
    private const int OrdersOfPlace = 18;

    private UpgraderFixture _fixture = null!;

    [SetUp]
    public void Start() => _fixture = new UpgraderFixture();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void What_is_moved_is_all_that_has_no_name()
    {
        ProcessRegisters registers = PlayedProcess.Registers;
        registers.Rax = 0;
        registers.Rdi = (ulong)Result.Ok;
        registers.Rsi = 0;
        registers.Rdx = 0;
        registers.R8 = 0;
        registers.R10 = 0;
        string written = Convert.ToHexString(MemoryMarshal.AsBytes([registers]));
        string space = PlayedProcess.SlotName(ProcessSlot.Space);
        IEnumerable<uint> moved = Enumerable.Range(1, CapabilityRegisters.Count - 1)
            .Where(i => i is < CapabilityRegisters.FirstNamed or > CapabilityRegisters.LastNamed)
            .Select(i => (uint)i);
        Obeyed[] expected =
        [
            new(ProcessOrder.ReadRegisters),
            new(ProcessOrder.SwapSlot, ProcessSlot.Space, space),
            .. moved.Select(i => new Obeyed(ProcessOrder.SwapRegister, i, PlayedProcess.RegisterName(i))),
            new(ProcessOrder.WriteRegisters, 0, null, written),
            new(ProcessOrder.Run),
        ];
        Assert.That(Move(null, 0), Is.EqualTo(expected));
        Assert.That(expected, Has.Length.EqualTo(OrdersOfPlace));
    }

    [Test]
    public void Where_the_program_cannot_be_read_the_predecessor_goes_on_as_it_was()
    {
        _fixture.Ask();
        _fixture.Trial.FailsAt = 0;
        int before = _fixture.Place.Done.Count;
        _fixture.Settle(Result.Ok);
        _fixture.Await(() => _fixture.Answer != null);
        Assert.That(_fixture.Answer, Is.EqualTo(Result.BadObject));
        Assert.That(_fixture.Place.Done.Skip(before).Select(one => one.Order), Is.All.EqualTo(
            ProcessOrder.ReadRegisters));
        Assert.That(_fixture.IsTaken, Is.False);
    }

    [Test]
    public void A_predecessor_that_cannot_be_read_is_answered_when_it_can()
    {
        _fixture.Ask();
        _fixture.Place.FailsAt = 0;
        _fixture.Settle(Succession.Failed);
        _fixture.Await(() => _fixture.Answer != null);
        Assert.That(_fixture.Answer, Is.EqualTo(Succession.Failed));
        Assert.That(_fixture.Place.HasFailed);
        Assert.That(_fixture.IsTaken, Is.False);
    }

    [Test]
    public void Where_the_program_cannot_be_read_a_move_that_has_begun_is_made_whole(
        [Range(1, OrdersOfTrial - 1)] int order) => CheckMoved(fixture => fixture.Trial, order);

    [Test]
    public void Where_the_predecessor_cannot_be_read_it_is_waited_for([Range(0, OrdersOfPlace - 1)] int order) =>
        CheckMoved(fixture => fixture.Place, order);

    private void CheckMoved(Func<UpgraderFixture, PlayedProcess> who, int order)
    {
        Obeyed[] whole = Move(null, 0);
        _fixture.Dispose();
        _fixture = new UpgraderFixture();
        Assert.That(Move(who(_fixture), order), Is.EqualTo(whole));
        Assert.That(who(_fixture).HasFailed);
        Assert.That(_fixture.Answer, Is.Null, "its predecessor is no more");
    }

    /// <summary>What the predecessor's process is told. At an order, one of the two cannot be read, twice.</summary>
    private Obeyed[] Move(PlayedProcess? unreadable, int order)
    {
        _fixture.Ask();
        int before = _fixture.Place.Done.Count;
        if (unreadable is not null)
        {
            unreadable.FailsAt = order;
        }

        _fixture.Settle(Result.Ok);
        _fixture.Await(() => _fixture.IsTaken);
        return [.. _fixture.Place.Done.Skip(before)];
    }
}
