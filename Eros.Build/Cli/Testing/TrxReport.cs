using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace Eros.Build.Cli.Testing;

/// <summary>A test that failed, and what it said.</summary>
internal sealed record FailedTest(string Name, string Message);

/// <summary>What a TRX file says of a test run: every result counted, none taken from a summary.</summary>
internal sealed record TrxReport(int Passed, int Skipped, IReadOnlyList<FailedTest> Failed)
{
    private static readonly XNamespace _trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserError">It is not there, or it was not finished.</exception>
    internal static TrxReport Read(string path)
    {
        try
        {
            return Parse(XDocument.Load(path));
        }
        catch (System.Exception e) when (e is IOException or XmlException)
        {
            throw new UserError("The tests ended without a report: their process died. What it wrote stands above.");
        }
    }

    /// <summary>Reads a document. A test that neither passed nor was left out has failed.</summary>
    internal static TrxReport Parse(XDocument document)
    {
        ILookup<string, XElement> results = document.Descendants(_trx + "UnitTestResult").ToLookup(OutcomeOf);
        int passed = results["Passed"].Count();
        int skipped = results["NotExecuted"].Count();
        IEnumerable<XElement> rest =
            results.Where(group => group.Key is not ("Passed" or "NotExecuted")).SelectMany(group => group);
        return new TrxReport(passed, skipped, [.. rest.Select(ToFailure)]);
    }

    private static string OutcomeOf(XElement result) => (string?)result.Attribute("outcome") ?? "";

    private static FailedTest ToFailure(XElement result) => new(
        (string?)result.Attribute("testName") ?? "a test without a name",
        ((string?)result.Descendants(_trx + "Message").FirstOrDefault() ?? OutcomeOf(result)).Trim());
}
