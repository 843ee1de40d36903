// InterfaceReader: from a capability interface's symbol to its model. Words, capabilities and the string are numbered
// here, in the order in which the parameters stand; a value that is returned comes before the out parameters.

using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Eros.Build.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Eros.Build.Generator.Reading;

internal static class InterfaceReader
{
    private const uint FirstReservedOrder = 0x8000_0000;
    private const uint FaultOrder = 0xFFFF_FFFE;
    private const int DefaultMaxString = 4096;

    public static bool IsCandidate(SyntaxNode node, CancellationToken cancel) =>
        node is InterfaceDeclarationSyntax { BaseList: not null };

    /// <summary>The interface's model; null when it is no capability interface.</summary>
    public static Found<InterfaceModel>? Read(GeneratorSyntaxContext context, CancellationToken cancel)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancel) is not INamedTypeSymbol type
            || !Names.IsCapabilityInterface(type))
        {
            return null;
        }

        List<Problem> problems = [];
        if (type.Name.Length < 2 || type.Name[0] != 'I' || type.IsGenericType || type.ContainingType is not null)
        {
            problems.Add(Problems.At(type, Problems.InterfaceName, type.Name));
        }

        int maxString = MaxString(type, DefaultMaxString);
        MethodModel[] methods =
            [.. Members(type).Select(member => Method(member, maxString, problems)).OfType<MethodModel>()];
        FindDoubles(type, methods, problems);
        InterfaceModel? model = problems.Count > 0 ? null : new InterfaceModel(
            Names.Namespace(type), type.Name, Names.Stem(type), Names.Accessibility(type),
            new EquatableArray<MethodModel>(methods));
        return new Found<InterfaceModel>(model, new EquatableArray<Problem>(problems));
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type) =>
        type.AllInterfaces.Where(Names.IsCapabilityInterface).Concat([type]).SelectMany(part => part.GetMembers())
            .Where(member => member is not IMethodSymbol { AssociatedSymbol: not null });

    private static void FindDoubles(INamedTypeSymbol type, MethodModel[] methods, List<Problem> problems)
    {
        foreach (IGrouping<uint, MethodModel> same in methods.GroupBy(method => method.Order).Where(g => g.Count() > 1))
        {
            string[] names = [.. same.Select(method => method.Name)];
            problems.Add(Problems.At(type, Problems.OrderTwice, names[1], same.Key.ToString(), names[0]));
        }
    }

    private static MethodModel? Method(ISymbol member, int maxString, List<Problem> problems)
    {
        if (member is not IMethodSymbol method
            || method is not { MethodKind: MethodKind.Ordinary, IsGenericMethod: false, IsStatic: false }
            || method.Parameters.Any(parameter => parameter.RefKind is not (RefKind.None or RefKind.Out))
            || method.RefKind != RefKind.None)
        {
            problems.Add(Problems.At(member, Problems.MemberKind, member.Name));
            return null;
        }

        if (Names.Argument(method, Names.OrderAttribute) is not uint order)
        {
            Location place = Names.Attribute(method, Names.OrderAttribute)?.ApplicationSyntaxReference is { } written
                ? Location.Create(written.SyntaxTree, written.Span)
                : method.Locations[0];
            problems.Add(Problems.At(place, Problems.NoOrder, method.Name));
            return null;
        }

        if (order >= FirstReservedOrder && order != FaultOrder)
        {
            problems.Add(Problems.At(method, Problems.ReservedOrder, method.Name, order.ToString()));
            return null;
        }

        int before = problems.Count;
        bool isOneWay = Names.Attribute(method, Names.OneWayAttribute) is not null;
        MethodModel model = new ValueReader(method, isOneWay, problems).Read(order, MaxString(method, maxString));
        return problems.Count == before ? model : null;
    }

    private static int MaxString(ISymbol symbol, int fallback) =>
        Names.Argument(symbol, Names.MaxStringAttribute) as int? ?? fallback;
}
