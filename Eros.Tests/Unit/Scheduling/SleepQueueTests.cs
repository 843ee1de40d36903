using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Kernel.Scheduling;
using NUnit.Framework;

namespace Eros.Tests.Unit.Scheduling;

public sealed class SleepQueueTests
{
    [Test]
    public void Sleepers_wake_in_the_order_of_their_times_whoever_is_taken_out_between([Range(1, 10)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var queue = new SleepQueue(50);
        var model = new Dictionary<int, ulong>();
        for (int step = 0; step < 2000; step++)
        {
            int sleeper = random.Next(50);
            if (random.Next(3) == 0)
            {
                queue.Remove(sleeper);
                model.Remove(sleeper);
            }
            else if (!model.ContainsKey(sleeper))
            {
                ulong time = (ulong)random.Next(100);
                queue.Add(sleeper, time);
                model[sleeper] = time;
            }

            Assert.That(queue.Count, Is.EqualTo(model.Count));
            Assert.That(queue.First, Is.EqualTo(model.Count == 0 ? ulong.MaxValue : model.Values.Min()));
            if (random.Next(10) == 0)
            {
                TakeExpired(queue, model, (ulong)random.Next(100));
            }
        }
    }

    private static void TakeExpired(SleepQueue queue, Dictionary<int, ulong> model, ulong now)
    {
        ulong last = 0;
        for (int sleeper = queue.TakeExpired(now); sleeper >= 0; sleeper = queue.TakeExpired(now))
        {
            Assert.That(model.Remove(sleeper, out ulong time), Is.True);
            Assert.That(time, Is.InRange(last, now));
            last = time;
        }

        Assert.That(model.Values.All(time => time > now), Is.True, "somebody overslept");
    }
}
