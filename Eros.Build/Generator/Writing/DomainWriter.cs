// DomainWriter: the other half of a domain's class: its named capabilities, the dispatch by facet, in a freestanding
// image its entry, and on the host the class Needs that the composition fills in.

using System.Linq;
using Eros.Build.Generator.Model;

namespace Eros.Build.Generator.Writing;

internal static class DomainWriter
{
    private const string Runtime = "global::Eros.Domains.Runtime.";
    private const string Composition = "global::Eros.Domains.Composition.";

    public static string Write(DomainModel model, TargetModel target)
    {
        CodeText text = new CodeText().Namespace(model.Namespace);
        string composed = target.IsComposable ? $" : {Composition}IComposedDomain" : "";
        text.Open($"{model.Accessibility} sealed partial class {model.Name}{composed}");
        int registers = model.Needs.Count(need => need.Kind == NeedKind.Capability);
        text.Line($"protected override int NamedCapabilities => {registers};");
        string taken = model.Facets.Aggregate("0", (most, facet) =>
            $"global::System.Math.Max({most}, {facet.Server}.TakenCapabilities)");
        text.Line().Line($"protected override int TakenCapabilities => {taken};");
        foreach (NeedModel need in model.Needs)
        {
            string value = need.Kind == NeedKind.Window
                ? $"{Runtime}MappedPage.Window({need.Index})"
                : $"{need.Client}.At({need.Index})";
            text.Line().Line($"{need.Accessibility} partial {need.Type} {need.Name} => {value};");
        }

        WriteDispatch(text, model);
        if (target.IsComposable)
        {
            WriteDeclaration(text, model);
            WriteNeeds(text, model);
        }

        text.Close();
        if (target.IsFreestanding)
        {
            WriteEntry(text, model);
        }

        return text.ToString();
    }

    private static void WriteDispatch(CodeText text, DomainModel model)
    {
        text.Line().Open($"protected override void Dispatch({Runtime}Message message)");
        text.Open("switch (message.Facet)");
        for (int facet = 0; facet < model.Facets.Count; facet++)
        {
            text.Line($"case {facet}:");
            text.Line($"    {model.Facets[facet].Server}.Dispatch(this, message);").Line("    break;");
        }

        text.Line("default:");
        text.Line("    message.Refuse(global::Eros.Kernel.Protocol.Result.UnknownOrder);").Line("    break;");
        text.Close().Close();
    }

    private static void WriteDeclaration(CodeText text, DomainModel model)
    {
        string facets = string.Join(", ", model.Facets.Select(facet => $"typeof({facet.Type})"));
        string names = string.Join(", ", model.Needs.Where(need => need.Kind == NeedKind.Capability)
            .Select(need => $"\"{need.Name}\""));
        text.Line();
        text.Line($"static {Composition}DomainDeclaration {Composition}IComposedDomain.Declaration {{ get; }} =");
        text.Line($"    new(typeof({model.Name}), [{facets}], [{names}]);");
    }

    private static void WriteNeeds(CodeText text, DomainModel model)
    {
        text.Line().Line("/// <summary>What the domain starts with; the composition fills in every name.</summary>");
        text.Open($"public sealed class Needs : {Composition}IDomainNeeds<{model.Name}>");
        foreach (NeedModel need in model.Needs)
        {
            string type = need.Kind == NeedKind.Window ? $"{Runtime}IPage" : need.Type;
            text.Line($"public required {Composition}ISource<{type}> {need.Name} {{ get; init; }}").Line();
        }

        text.Line($"global::System.Collections.Generic.IEnumerable<{Composition}Binding>");
        text.Line($"    {Composition}IDomainNeeds<{model.Name}>.Bindings =>");
        text.Line("[");
        foreach (NeedModel need in model.Needs)
        {
            string window = need.Kind == NeedKind.Window ? "true" : "false";
            string type = need.Kind == NeedKind.Window ? $"{Runtime}IPage" : need.Type;
            text.Line($"    new(\"{need.Name}\", {need.Index}, {window}, typeof({type}), {need.Name}),");
        }

        text.Line("];").Close();
    }

    private static void WriteEntry(CodeText text, DomainModel model)
    {
        text.Line().Line("/// <summary>What the run time's entry asks for.</summary>");
        text.Open("internal static class DomainProgram");
        text.Line("[global::System.Runtime.RuntimeExport(\"DomainCreate\")]");
        text.Line($"internal static {Runtime}Domain Create() => new {model.Name}();").Close();
    }
}
