// UnsupportedFeatures: what C# has and domains do not, found where it is written, so that the compiler names it with
// what to do instead. docs/csharp-in-domains.md lists the same. What is told apart by its name only counts when the
// name means nothing else here.

using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Eros.Build.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Eros.Build.Generator.Reading;

internal static class UnsupportedFeatures
{
    private const string Threads = "threads";
    private const string NoThreads = "a domain has one thread: make a second domain, and have it notify this one";
    private const string Reflection = "reflection";
    private const string NoReflection = "the image holds no types to look at: use an interface or a dictionary";
    private const string Async = "async and await";
    private const string NoAsync = "a call to another domain waits; to answer later, Defer() the reply";
    private const string Linq = "LINQ";
    private const string NoLinq = "write a foreach loop";
    private const string Files = "the console and files";
    private const string NoFiles = "a domain reaches what it was given: name an ITerminal or a service as [Capability]";

    private static readonly Dictionary<string, (string Feature, string Instead)> _namespaces = new()
    {
        ["System.Threading.Tasks"] = (Async, NoAsync),
        ["System.Reflection"] = (Reflection, NoReflection),
        ["System.Linq"] = (Linq, NoLinq),
        ["System.IO"] = (Files, NoFiles),
    };

    private static readonly Dictionary<string, (string Feature, string Instead)> _names = new()
    {
        ["Thread"] = (Threads, NoThreads),
        ["ThreadPool"] = (Threads, NoThreads),
        ["Timer"] = (Threads, "call Sleep of an ISleep, or have another domain do so and notify this one"),
        ["Task"] = (Async, NoAsync),
        ["ValueTask"] = (Async, NoAsync),
        ["Console"] = (Files, NoFiles),
        ["File"] = (Files, NoFiles),
        ["DateTime"] = ("the time of day", "there is a time since boot: the Sleep capability tells it"),
        ["ThreadStatic"] = (Threads, NoThreads),
        ["DllImport"] = ("DllImport", "write X# and bind it with [RuntimeImport(\"*\", \"name\")]"),
        ["MethodInfo"] = (Reflection, NoReflection),
    };

    /// <summary>Cheap: the syntax alone.</summary>
    public static bool IsCandidate(SyntaxNode node, CancellationToken cancellation) => node
        is DestructorDeclarationSyntax or AwaitExpressionSyntax or QueryExpressionSyntax or UsingDirectiveSyntax
        or TypeParameterSyntax or MethodDeclarationSyntax or ArrayRankSpecifierSyntax or InterpolationSyntax
        or IdentifierNameSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
        || (node is MemberAccessExpressionSyntax access && (IsToString(access) || IsOnType(access)));

    /// <summary>The problem with a node; null: none.</summary>
    public static Problem? Read(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        (string Feature, string Instead)? found = context.Node switch
        {
            DestructorDeclarationSyntax => ("a finalizer", "implement IDisposable, and use using"),
            QueryExpressionSyntax => (Linq, NoLinq),
            AwaitExpressionSyntax => (Async, NoAsync),
            AnonymousFunctionExpressionSyntax f when IsAsync(f.Modifiers) => (Async, NoAsync),
            LocalFunctionStatementSyntax f when IsAsync(f.Modifiers) => (Async, NoAsync),
            MethodDeclarationSyntax method => OfMethod(method),
            TypeParameterSyntax { Parent.Parent: InterfaceDeclarationSyntax } parameter
                when !parameter.VarianceKeyword.IsKind(SyntaxKind.None) =>
                ("variance of an interface", "leave in and out away, and convert each element"),
            ArrayRankSpecifierSyntax { Rank: > 1 } =>
                ("an array of more than one dimension", "use an array of arrays, or one with computed indexes"),
            UsingDirectiveSyntax { Name: { } name } when _namespaces.TryGetValue(name.ToString(), out var known) =>
                known,
            InterpolationSyntax hole when IsFloat(context, hole.Expression) => Text(),
            MemberAccessExpressionSyntax access when IsToString(access) && IsFloat(context, access.Expression) =>
                Text(),
            MemberAccessExpressionSyntax access when IsOnType(access) && IsUnknown(context, access) =>
                (Reflection, NoReflection),
            IdentifierNameSyntax name => OfName(context, name),
            _ => null,
        };
        return found is { } feature ? Problems.At(PlaceOf(context.Node), Problems.Unsupported, feature.Feature,
            feature.Instead) : null;
    }

    private static (string Feature, string Instead) Text() =>
        ("text of floating-point numbers", "scale to an integer and print that");

    private static bool IsAsync(SyntaxTokenList modifiers) => modifiers.Any(SyntaxKind.AsyncKeyword);

    private static (string Feature, string Instead)? OfMethod(MethodDeclarationSyntax method)
    {
        if (IsAsync(method.Modifiers))
        {
            return (Async, NoAsync);
        }

        bool isVirtual = method.Modifiers.Any(SyntaxKind.VirtualKeyword)
            || method.Modifiers.Any(SyntaxKind.AbstractKeyword)
            || method.Modifiers.Any(SyntaxKind.OverrideKeyword)
            || (method.Parent is InterfaceDeclarationSyntax && !method.Modifiers.Any(SyntaxKind.StaticKeyword));
        return isVirtual && method.TypeParameterList is not null
            ? ("a generic virtual method", "make the type generic, or the method neither virtual nor of an interface")
            : null;
    }

    private static (string Feature, string Instead)? OfName(GeneratorSyntaxContext context, IdentifierNameSyntax name)
    {
        string text = name.Identifier.Text;
        if (text == "dynamic" && context.SemanticModel.GetTypeInfo(name).Type?.TypeKind == TypeKind.Dynamic)
        {
            return ("dynamic", "name the type, or an interface");
        }

        return _names.TryGetValue(text, out var known) && name.Parent is not UsingDirectiveSyntax
            && IsUnknown(context, name)
            ? known
            : null;
    }

    private static bool IsFloat(GeneratorSyntaxContext context, ExpressionSyntax expression) =>
        context.SemanticModel.GetTypeInfo(expression).Type?.SpecialType
            is SpecialType.System_Double or SpecialType.System_Single;

    private static bool IsToString(MemberAccessExpressionSyntax access) => access.Name.Identifier.Text == "ToString";

    // typeof(T).Member, thing.GetType().Member
    private static bool IsOnType(MemberAccessExpressionSyntax access) =>
        access.Expression is TypeOfExpressionSyntax
        || (access.Expression is InvocationExpressionSyntax call && IsGetType(call.Expression));

    private static bool IsGetType(ExpressionSyntax called) =>
        called is MemberAccessExpressionSyntax { Name.Identifier.Text: "GetType" }
            or IdentifierNameSyntax { Identifier.Text: "GetType" };

    private static bool IsUnknown(GeneratorSyntaxContext context, ExpressionSyntax expression)
    {
        SymbolInfo info = context.SemanticModel.GetSymbolInfo(expression);
        return info.Symbol is null && info.CandidateSymbols.IsEmpty;
    }

    private static Location PlaceOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.GetLocation(),
        LocalFunctionStatementSyntax function => function.Identifier.GetLocation(),
        _ => node.GetLocation(),
    };
}
