using System;
using System.Threading;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.Unit.Qemu;

[TestFixture, Category(TestKind.Unit)]
public sealed class TranscriptTests
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20);

    [Test]
    public void Text_is_found_once_and_in_order()
    {
        var transcript = new Transcript();
        transcript.Append("one two one");
        Assert.That(transcript.WaitFor("one", _soon), Is.EqualTo("one"));
        Assert.That(transcript.WaitFor("one", _soon), Is.EqualTo(" two one"));
        Assert.That(transcript.WaitFor("one", _soon), Is.Null);
    }

    [Test]
    public void Text_that_comes_in_pieces_is_found()
    {
        var transcript = new Transcript();
        transcript.Append("eros");
        using var later = new Timer(_ => transcript.Append("> "), null, 20, Timeout.Infinite);
        Assert.That(transcript.WaitFor("eros> ", _long), Is.EqualTo("eros> "));
    }

    [Test]
    public void The_end_of_output_ends_the_wait()
    {
        var transcript = new Transcript();
        using var later = new Timer(_ => transcript.End(), null, 20, Timeout.Infinite);
        Assert.That(transcript.WaitFor("never", _long), Is.Null);
    }

    [Test]
    public void The_kernels_last_line_ends_the_wait()
    {
        var transcript = new Transcript();
        transcript.Append("eros: stopped: something");
        Assert.That(transcript.WaitFor("something", _long), Is.Not.Null);
        using var later = new Timer(_ => transcript.Append(" 0x0\r\n"), null, 20, Timeout.Infinite);
        Assert.That(transcript.WaitFor("never", _long), Is.Null);
        Assert.That(transcript.HasKernelStopped);
    }

    [Test]
    public void Escape_sequences_vanish_even_when_cut_in_two()
    {
        var transcript = new Transcript();
        transcript.Append("a\e[1");
        transcript.Append(";31mb\e[2Kc");
        Assert.That(transcript.Text, Is.EqualTo("abc"));
    }

    [TestCase("eros> se\neros: disk 2 is in step again\nt x 1\n42\n", "set x 1\n42\n")]
    [TestCase("eros> set x 1\neros: disk 2 is in step again\n42\n", "set x 142\n")]
    [TestCase("eros> se\neros: disk 1 of the mirror is lost, a\neros: disk 1 is there again, b\nt\n", "set\n")]
    [TestCase("eros> get\n42\neros: disk 2 is in step again\n43\n", "get\n42\n43\n")]
    public void What_the_kernel_says_of_a_mirror_is_seen_by_who_does_not_wait(string output, string seen)
    {
        var transcript = new Transcript();
        transcript.Append(output);
        Assert.That(transcript.WaitFor(seen, TimeSpan.Zero), Is.EqualTo("eros> " + seen));
        Assert.That(transcript.Text, Is.EqualTo(output));
    }
}
