// Problems: everything that the generator refuses, with the numbers that the compiler prints.

using System.Collections.Generic;
using System.Linq;
using Eros.Build.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Eros.Build.Generator.Reading;

/// <summary>The diagnostics EROS1001 to EROS1013 of capability interfaces and domains.</summary>
internal static class Problems
{
    public const string InterfaceName = "EROS1001";
    public const string NoOrder = "EROS1002";
    public const string OrderTwice = "EROS1003";
    public const string TypeCannotTravel = "EROS1004";
    public const string TooMuch = "EROS1005";
    public const string MemberKind = "EROS1006";
    public const string BufferLength = "EROS1007";
    public const string OneWayAnswer = "EROS1008";
    public const string ReservedOrder = "EROS1009";
    public const string DomainShape = "EROS1010";
    public const string NeedShape = "EROS1011";
    public const string NeedType = "EROS1012";
    public const string Unsupported = "EROS1013";

    private static readonly Dictionary<string, DiagnosticDescriptor> _all = new[]
    {
        Describe(InterfaceName, "the name of capability interface {0} must be I and a name, without type parameters"),
        Describe(NoOrder, "{0} needs an [Order(n)] with a constant n from 0 to 2147483647"),
        Describe(OrderTwice, "order {1} of {0} is taken by {2}"),
        Describe(TypeCannotTravel, "{0}: a value of type {1} cannot travel in a message; words are integers, bool and "
            + "enums, strings are string, ReadOnlySpan<byte> and Span<byte>, capabilities are interfaces that extend "
            + "ICapability"),
        Describe(TooMuch, "{0} has more {1} than a message holds ({2})"),
        Describe(MemberKind, "{0}: a capability interface has plain methods, whose parameters go in by value or "
            + "come out"),
        Describe(BufferLength, "{0}: the parameter after a Span<byte> is the answer's length, an out int"),
        Describe(OneWayAnswer, "{0} is one-way, so nothing can come back"),
        Describe(ReservedOrder, "order {1} of {0} is reserved: every object knows it, or the kernel sends it"),
        Describe(DomainShape, "domain {0} must be a partial class outside any other, and derive from Domain"),
        Describe(NeedShape, "{0} must be a partial property with only a getter"),
        Describe(NeedType, "{0} must be of a capability interface's type, or a MappedPage"),
        Describe(Unsupported, "domains have no support for {0}: {1}"),
    }.ToDictionary(descriptor => descriptor.Id);

    /// <summary>Notes a problem at the symbol's first place in the source.</summary>
    public static Problem At(ISymbol symbol, string id, params string[] arguments) =>
        At(symbol.Locations[0], id, arguments);

    /// <summary>Notes a problem at a place in the source.</summary>
    public static Problem At(Location location, string id, params string[] arguments)
    {
        FileLinePositionSpan lines = location.GetLineSpan();
        return new Problem(id, lines.Path, location.SourceSpan.Start, location.SourceSpan.Length,
            lines.StartLinePosition.Line, lines.StartLinePosition.Character,
            lines.EndLinePosition.Line, lines.EndLinePosition.Character,
            new EquatableArray<string>(arguments));
    }

    /// <summary>The diagnostic of a noted problem.</summary>
    public static Diagnostic ToDiagnostic(Problem problem) => Diagnostic.Create(
        _all[problem.Id],
        Location.Create(
            problem.File,
            new TextSpan(problem.Start, problem.Length),
            new LinePositionSpan(
                new LinePosition(problem.Line, problem.Column), new LinePosition(problem.EndLine, problem.EndColumn))),
        problem.Arguments.ToArray<object>());

    private static DiagnosticDescriptor Describe(string id, string message) =>
        new(id, "Eros capabilities", message, "Eros", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
