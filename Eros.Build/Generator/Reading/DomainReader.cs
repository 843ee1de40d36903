// DomainReader: from a class marked [Domain] to its model. Capability registers and windows are numbered here, in the
// order in which the properties stand; the composition binds by name and takes the numbers from what is generated.

using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Eros.Build.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Eros.Build.Generator.Reading;

internal static class DomainReader
{
    // CapabilityRegisters.FirstNamed and LastNamed of the run time; a test compares them.
    private const int FirstNamed = 6;
    private const int LastNamed = 22;

    public static bool IsCandidate(SyntaxNode node, CancellationToken cancel) => node is ClassDeclarationSyntax;

    public static Found<DomainModel> Read(GeneratorAttributeSyntaxContext context, CancellationToken cancel)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.TargetSymbol;
        List<Problem> problems = [];
        bool isPartial = IsPartial((MemberDeclarationSyntax)context.TargetNode);
        if (!isPartial || !IsDomain(type) || type.ContainingType is not null)
        {
            problems.Add(Problems.At(type, Problems.DomainShape, type.Name));
        }

        NeedModel[] needs = Needs(type, problems);
        FacetModel[] facets =
        [
            .. type.Interfaces.Where(Names.IsCapabilityInterface)
                .Select(served => new FacetModel(Names.Qualified(served), Names.Server(served))),
        ];
        DomainModel? model = problems.Count > 0 ? null : new DomainModel(
            Names.Namespace(type), type.Name, Names.Accessibility(type),
            new EquatableArray<NeedModel>(needs), new EquatableArray<FacetModel>(facets));
        return new Found<DomainModel>(model, new EquatableArray<Problem>(problems));
    }

    private static NeedModel[] Needs(INamedTypeSymbol type, List<Problem> problems)
    {
        List<NeedModel> needs = [];
        int registers = FirstNamed;
        int windows = 0;
        foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (Names.Attribute(property, Names.CapabilityAttribute) is null
                || property.PartialDefinitionPart is not null)
            {
                continue;
            }

            bool isWindow = Names.Is(property.Type, Names.MappedPage);
            if (!property.IsPartialDefinition || property.SetMethod is not null)
            {
                problems.Add(Problems.At(property, Problems.NeedShape, property.Name));
            }
            else if (!isWindow && !Names.IsCapabilityInterface(property.Type))
            {
                problems.Add(Problems.At(property, Problems.NeedType, property.Name));
            }
            else
            {
                needs.Add(Need(property, isWindow, isWindow ? windows++ : registers++));
            }
        }

        if (registers > LastNamed + 1)
        {
            string limit = (LastNamed - FirstNamed + 1).ToString();
            problems.Add(Problems.At(type, Problems.TooMuch, type.Name, "capabilities", limit));
        }

        return [.. needs];
    }

    private static NeedModel Need(IPropertySymbol property, bool isWindow, int index) => new(
        property.Name, Names.Qualified(property.Type), isWindow ? "" : Names.Client(property.Type),
        Names.Accessibility(property), isWindow ? NeedKind.Window : NeedKind.Capability, index);

    private static bool IsPartial(MemberDeclarationSyntax node) => node.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static bool IsDomain(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? part = type.BaseType; part is not null; part = part.BaseType)
        {
            if (Names.Is(part, Names.Domain))
            {
                return true;
            }
        }

        return false;
    }
}
