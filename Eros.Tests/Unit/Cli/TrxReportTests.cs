using System.Linq;
using System.Xml.Linq;
using Eros.Build.Cli.Testing;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

[TestFixture, Category(TestKind.Unit)]
public sealed class TrxReportTests
{
    private const string Document = """
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testName="A" outcome="Passed" />
            <UnitTestResult testName="B" outcome="Failed">
              <Output><ErrorInfo><Message>  1 is not 2 </Message></ErrorInfo></Output>
            </UnitTestResult>
            <UnitTestResult testName="C" outcome="NotExecuted" />
            <UnitTestResult testName="D" outcome="Aborted" />
            <UnitTestResult testName="E" outcome="Passed" />
          </Results>
          <ResultSummary outcome="Completed"><Counters total="99" passed="99" failed="0" /></ResultSummary>
        </TestRun>
        """;

    private static readonly TrxReport _report = TrxReport.Parse(XDocument.Parse(Document));

    [Test]
    public void Results_are_counted_and_the_summary_is_not_believed()
    {
        Assert.That((_report.Passed, _report.Skipped, _report.Failed.Count), Is.EqualTo((2, 1, 2)));
    }

    [Test]
    public void A_failure_has_its_message()
    {
        Assert.That(_report.Failed.First(), Is.EqualTo(new FailedTest("B", "1 is not 2")));
    }

    [Test]
    public void A_test_that_never_ended_has_failed()
    {
        Assert.That(_report.Failed.Last(), Is.EqualTo(new FailedTest("D", "Aborted")));
    }
}
