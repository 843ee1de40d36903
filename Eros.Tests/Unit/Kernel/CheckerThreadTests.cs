using System.Text.RegularExpressions;
using Eros.Persistence.Base;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>The thread that checks all the time.</summary>
public sealed class CheckerThreadTests
{
    private const ulong Page = 9;

    [Test]
    public void A_bit_that_flips_in_a_page_that_nobody_uses_stops_the_machine_without_a_checkpoint()
    {
        using var rig = new StoreRig();
        rig.Kernel.Checkpoints.SetInterval(0);
        rig.Load(Page);
        rig.Kernel.Frames.Bytes(rig.Kernel.Frames.Find(Page))[100] ^= 4;
        Assert.That(
            () => rig.Processor.Compute(10 * StoreRig.Second),
            Throws.InvalidOperationException.With.InnerException.TypeOf<InvariantException>()
                .And.InnerException.Message.Contains("clean frame was changed"));
    }

    [Test]
    public void What_rots_on_the_disk_is_told_each_hour_though_nobody_reads_it()
    {
        using var rig = new StoreRig();
        rig.Image.Writable((int)rig.Geometry.TagBlockOf(0))[100] ^= 4;
        for (int hour = 1; hour <= 3; hour++)
        {
            rig.Processor.Compute(100 * StoreRig.Second);
            Assert.That(Regex.Count(rig.Console, "tag block"), Is.EqualTo(hour), rig.Console);
            rig.Clock.Time += 3600 * StoreRig.Second;
        }
    }

    [Test]
    public void A_sound_machine_goes_on()
    {
        using var rig = new StoreRig();
        rig.Load(Page);
        Assert.That(() => rig.Processor.Compute(100 * StoreRig.Second), Throws.Nothing);
    }
}
