using System.Collections.Generic;
using System.Linq;
using Eros.Build.XSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>Each malformed sample gives its errors, with line, column and what was expected.</summary>
[TestFixture]
public sealed class ErrorTests
{
    /// <summary>All malformed samples.</summary>
    internal static IEnumerable<GoldenCase> Cases => GoldenCase.Read("Errors.txt", section => section switch
    {
        "x86" => Mode.Gen1,
        "32" => Mode.Bits32,
        _ => Mode.Bits64,
    });

    [TestCaseSource(nameof(Cases))]
    public void A_malformed_sample_gives_its_errors_and_no_others(object value)
    {
        var sample = (GoldenCase)value;
        string source = string.Join('\n', sample.Source);
        var result = sample.IsFile
            ? Surroundings.Compile(source, sample.Mode)
            : Surroundings.CompileBody(source, sample.Mode);
        int before = sample.IsFile ? 0 : Surroundings.LinesBefore(sample.Mode);
        var found = result.Errors.Select(e => $"{e.Line - before},{e.Column} XS{(int)e.Code:D4} {e.Message}");
        Assert.That(found, Is.EqualTo(sample.Expected));
    }

    [Test]
    public void Every_error_number_that_a_source_can_cause_has_a_sample()
    {
        var sampled = Cases.SelectMany(c => c.Expected).Select(e => e.Split(' ')[1]).ToHashSet();
        var numbers = System.Enum.GetValues<XSharpErrorCode>().Where(code => code != XSharpErrorCode.CannotWrite);
        Assert.That(numbers.Select(code => $"XS{(int)code:D4}").Except(sampled), Is.Empty);
    }

    [Test]
    public void An_error_is_printed_in_the_canonical_form()
    {
        var result = Surroundings.Compile("namespace T\nfoo", Mode.Bits64);
        Assert.That(result.Errors[0].ToString(), Does.StartWith("test.xs(2,4): error XS0010: expected "));
    }
}
