using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Domains.Shell;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>What a shell hands over to the next.</summary>
public sealed class ShellEstateTests
{
    private static readonly Dictionary<string, string> _some = new()
    {
        ["x"] = "42",
        ["empty"] = "",
        ["straße"] = "größer als 7",
    };

    [Test]
    public void What_is_written_is_read()
    {
        Assert.That(ShellEstate.TryWrite(7, 99, _some, out byte[] estate));
        Dictionary<string, string> read = [];
        Assert.That(ShellEstate.TryRead(estate, read, out uint version, out ulong lastCount));
        Assert.That((version, lastCount), Is.EqualTo((7u, 99ul)));
        Assert.That(read, Is.EqualTo(_some));
    }

    [Test]
    public void What_is_no_estate_is_refused_and_ends_nothing()
    {
        ShellEstate.TryWrite(7, 99, _some, out byte[] estate);
        for (int length = 0; length < estate.Length; length++)
        {
            Assert.That(ShellEstate.TryRead(estate.AsSpan(0, length), [], out _, out _), Is.False, $"{length} bytes");
        }

        byte[] longer = [.. estate, 0];
        Assert.That(ShellEstate.TryRead(longer, [], out _, out _), Is.False);
        estate[0]++;
        Assert.That(ShellEstate.TryRead(estate, [], out _, out _), Is.False, "another format");
    }

    [Test]
    public void More_than_can_be_handed_over_is_not()
    {
        Dictionary<string, string> many = [];
        bool isWritten = true;
        while (isWritten)
        {
            many[$"name{many.Count}"] = new string('v', 900);
            isWritten = ShellEstate.TryWrite(1, 0, many, out byte[] estate);
            Assert.That(estate, Has.Length.LessThanOrEqualTo(Succession.MaxEstate));
        }

        Assert.That(many, Has.Count.EqualTo(18), "seventeen of 909 or 910 bytes fit");
    }
}
