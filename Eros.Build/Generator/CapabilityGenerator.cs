// CapabilityGenerator: writes, while the compiler runs, the stub and the dispatcher of each interface that extends
// ICapability, and the rest of each class marked [Domain].
//
// Reading (symbols to models) and Writing (models to text) know nothing of each other; the models between them
// compare by value, so that an edit elsewhere costs nothing.

using Eros.Build.Generator.Model;
using Eros.Build.Generator.Reading;
using Eros.Build.Generator.Writing;
using Microsoft.CodeAnalysis;

namespace Eros.Build.Generator;

[Generator(LanguageNames.CSharp)]
public sealed class CapabilityGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<Found<InterfaceModel>> interfaces = context.SyntaxProvider
            .CreateSyntaxProvider(InterfaceReader.IsCandidate, InterfaceReader.Read)
            .Where(found => found is not null)
            .Select((found, _) => found!);
        context.RegisterSourceOutput(interfaces, (output, found) =>
        {
            Report(output, found.Problems);
            if (found.Model is { } model)
            {
                output.AddSource(Hint(model.Namespace, model.Stem + "Client"), ClientWriter.Write(model));
                output.AddSource(Hint(model.Namespace, model.Stem + "Server"), ServerWriter.Write(model));
            }
        });

        IncrementalValueProvider<TargetModel> target = context.CompilationProvider
            .Select((compilation, _) => new TargetModel(
            compilation.ObjectType.ContainingAssembly.Name == Names.CoreLibrary,
            compilation.GetTypeByMetadataName(Names.Composition) is not null));
        IncrementalValuesProvider<Found<DomainModel>> domains = context.SyntaxProvider.ForAttributeWithMetadataName(
            Names.DomainAttribute, DomainReader.IsCandidate, DomainReader.Read);
        context.RegisterSourceOutput(domains.Combine(target), (output, pair) =>
        {
            Report(output, pair.Left.Problems);
            if (pair.Left.Model is { } model)
            {
                output.AddSource(Hint(model.Namespace, model.Name), DomainWriter.Write(model, pair.Right));
            }
        });
        InitializeFeatures(context, target);
    }

    // An image only: the composition and the tests compile domains for .NET.
    private static void InitializeFeatures(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<TargetModel> target)
    {
        IncrementalValuesProvider<Problem> unsupported = context.SyntaxProvider
            .CreateSyntaxProvider(UnsupportedFeatures.IsCandidate, UnsupportedFeatures.Read)
            .Where(problem => problem is not null)
            .Select((problem, _) => problem!);
        context.RegisterSourceOutput(unsupported.Combine(target), (output, pair) =>
        {
            if (pair.Right.IsFreestanding)
            {
                output.ReportDiagnostic(Problems.ToDiagnostic(pair.Left));
            }
        });
    }

    private static string Hint(string space, string name) => (space.Length == 0 ? name : space + "." + name) + ".g.cs";

    private static void Report(SourceProductionContext output, EquatableArray<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            output.ReportDiagnostic(Problems.ToDiagnostic(problem));
        }
    }
}
