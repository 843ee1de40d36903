using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

public sealed class HeldPortTests
{
    private HeldPortFixture _fixture = null!;

    [SetUp]
    public void Start() => _fixture = new HeldPortFixture();

    [TearDown]
    public void Stop() => _fixture.Dispose();

    [Test]
    public void Nothing_is_shown_before_the_commit_and_all_of_it_in_order_after([Values] bool isPrompt)
    {
        _fixture.Open(isPrompt, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        Assert.That(_fixture.Shown(), Is.Empty);
        _fixture.Commit();
        _fixture.Await(() => _fixture.Shown().Length == 1);
        _fixture.Begin(writer => Send(writer, "two", "three", "four")).Join();
        _fixture.Await(() => _fixture.Waits == 2);
        Assert.That(_fixture.Shown(), Is.EqualTo(new[] { "one" }));
        CommitUntilShown(4);
        Assert.That(_fixture.Shown(), Is.EqualTo(new[] { "one", "two", "three", "four" }));
        Assert.That(_fixture.Asked, isPrompt ? Is.GreaterThan(1) : Is.Zero, "a patient port asks for nothing");
    }

    [Test]
    public void What_is_sent_before_a_snapshot_is_shown_with_it_and_what_is_sent_after_it_with_the_next(
        [Values] bool isPrompt)
    {
        _fixture.Open(isPrompt, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.Begin(writer => Send(writer, "two")).Join();
        _fixture.Snapshot();
        _fixture.Begin(writer => Send(writer, "three")).Join();
        _fixture.Commit();
        _fixture.Await(() => _fixture.Waits == 2);
        Assert.That(_fixture.Shown(), Is.EqualTo(new[] { "one", "two" }));
        _fixture.Commit();
        _fixture.Await(() => _fixture.Shown().Length == 3);
    }

    [Test]
    public void Whoever_finds_the_port_full_waits_and_nothing_is_lost([Values(1, 2, 3)] int seed)
    {
        const int Senders = 6;
        const int Writes = 12;
        _fixture.Open(isPrompt: true, _ => { });
        int done = 0;
        Thread[] senders = [.. Enumerable.Range(0, Senders).Select(sender => _fixture.Begin(writer =>
        {
            Random random = new((seed * Senders) + sender);
            for (int i = 0; i < Writes; i++)
            {
                Send(writer, Text(sender, i, random.Next(HeldPortLimits.Capacity - 16)));
            }

            Interlocked.Increment(ref done);
        }))];
        Assert.That(done, Is.LessThan(Senders), "more than there is room for");
        CommitUntilShown(Senders * Writes);
        Array.ForEach(senders, sender => sender.Join());
        IEnumerable<string> heads = _fixture.Shown().Select(text => text.TrimEnd('.'));
        foreach (IGrouping<char, string> one in heads.GroupBy(head => head[0]))
        {
            Assert.That(one, Is.EqualTo(Enumerable.Range(0, Writes).Select(i => $"{one.Key} {i} ")), $"seed {seed}");
        }
    }

    [Test]
    public void A_disk_that_refuses_shows_nothing_until_it_takes_a_checkpoint()
    {
        _fixture.IsRefusing = true;
        _fixture.Open(isPrompt: true, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Sleeps >= 1);
        Assert.That(_fixture.Shown(), Is.Empty);
        _fixture.Change(() => _fixture.IsRefusing = false);
        _fixture.Await(() => _fixture.Asked >= 2);
        Assert.That(_fixture.Shown(), Is.Empty);
        CommitUntilShown(1);
    }

    [Test]
    public void A_terminal_that_nobody_is_at_is_waited_for()
    {
        _fixture.Answer = Result.VoidCapability;
        _fixture.Open(isPrompt: true, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.Commit();
        _fixture.Await(() => _fixture.Sleeps >= 1);
        Assert.That(_fixture.Shown(), Is.Empty);
        _fixture.Change(() => _fixture.Answer = Result.Ok);
        _fixture.Await(() => _fixture.Shown().Length == 1);
    }

    [Test]
    public void An_output_that_the_disk_cannot_read_is_waited_for()
    {
        _fixture.Answer = Result.BadObject;
        _fixture.Open(isPrompt: true, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.Commit();
        _fixture.Await(() => _fixture.Sleeps >= 1);
        _fixture.Change(() => _fixture.Answer = Result.Ok);
        _fixture.Await(() => _fixture.Shown().Length == 1);
    }

    [Test]
    public void A_releaser_that_the_disk_cannot_read_is_waited_for_and_nothing_is_lost()
    {
        _fixture.Open(isPrompt: true, _ => { });
        _fixture.SetReadable(false);
        Thread sender = _fixture.Begin(writer => Send(writer, "one", "two"));
        _fixture.Await(() => _fixture.Sleeps >= 1);
        Assert.That(_fixture.Shown(), Is.Empty);
        _fixture.SetReadable(true);
        sender.Join();
        CommitUntilShown(2);
        Assert.That(_fixture.Shown(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void A_releaser_that_leaves_memory_before_it_is_told_to_go_on_is_waited_for()
    {
        _fixture.Open(isPrompt: true, _ => { });
        _fixture.SetUnreadableOnceAsked();
        _fixture.Begin(writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Sleeps >= 1);
        _fixture.SetReadable(true);
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.Commit();
        _fixture.Await(() => _fixture.Shown().Length == 1);
    }

    [Test]
    public void A_releaser_that_leaves_memory_before_it_is_given_what_is_committed_is_waited_for()
    {
        _fixture.Open(isPrompt: true, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.SetUnreadableOnceAsked();
        _fixture.Commit();
        _fixture.Await(() => _fixture.Sleeps >= 1);
        Assert.That(_fixture.Shown(), Is.Empty);
        _fixture.SetReadable(true);
        _fixture.Await(() => _fixture.Shown().Length == 1);
    }

    [Test]
    public void A_port_that_the_disk_cannot_read_is_told_later()
    {
        _fixture.Open(isPrompt: true, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.IsPortAway = true;
        _fixture.Commit();
        _fixture.Await(() => _fixture.Sleeps >= 1);
        _fixture.Change(() => _fixture.IsPortAway = false);
        _fixture.Await(() => _fixture.Shown().Length == 1);
    }

    [TestCase(true, Result.VoidCapability)]
    [TestCase(false, Result.BadArgument)]
    public void When_the_output_takes_no_more_the_senders_are_told(bool isGone, Result answer)
    {
        _fixture.IsGone = isGone;
        _fixture.Answer = answer;
        _fixture.Open(isPrompt: true, writer => Send(writer, "one"));
        _fixture.Await(() => _fixture.Waits == 1);
        _fixture.Commit();
        Result told = Result.Ok;
        _fixture.Begin(writer =>
        {
            while (told == Result.Ok)
            {
                told = writer.Write("more"u8);
            }
        }).Join();
        Assert.That(told, Is.EqualTo(answer));
    }

    [Test]
    public void What_cannot_be_is_refused()
    {
        Result result = Result.Ok;
        _fixture.Open(isPrompt: true, writer => result = writer.Write(new byte[HeldPortLimits.Capacity + 1]));
        Assert.That(result, Is.EqualTo(Result.BadArgument));
        Assert.That(_fixture.OpenAgain(), Is.EqualTo(Result.Busy));
    }

    private void CommitUntilShown(int count)
    {
        int seen = -1;
        while (_fixture.Shown().Length < count)
        {
            int waits = _fixture.Waits;
            _fixture.Commit();
            _fixture.Await(() => _fixture.Waits > waits || _fixture.Shown().Length > seen);
            seen = _fixture.Shown().Length;
        }
    }

    private static string Text(int sender, int number, int length) =>
        $"{sender} {number} ".PadRight(Math.Max(length, 8), '.');

    private static void Send(IWriter writer, params string[] texts)
    {
        foreach (string text in texts)
        {
            Assert.That(writer.Write(Encoding.UTF8.GetBytes(text)), Is.EqualTo(Result.Ok));
        }
    }
}
