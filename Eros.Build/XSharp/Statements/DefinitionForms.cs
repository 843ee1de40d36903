// Namespaces, functions, constants, what crosses files, and the switches of the output.

namespace Eros.Build.XSharp;

internal static class DefinitionForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("namespace name", "names below are made from it") { Emit = Namespace, Directive = true },
        new("function name {", "name: ... exit label: Ret") { Emit = Function },
        new("interrupt name {", "name: ... exit label: iret") { Emit = Interrupt },
        new("naked function name {", "name: ... and nothing at its end", Mode.Ours) { Emit = Naked },
        new("const name = n", "name equ n") { Emit = Const, Directive = true },
        new("include 'file'", "the statements of the file", Mode.Ours) { Emit = Include, Directive = true },
        new("extern name", "extern name", Mode.Ours) { Emit = Extern, Directive = true },
        new("export V", "global V", Mode.Ours) { Directive = true },
        new("bits 32", "bits 32", Mode.Ours) { Emit = (t, _) => t.SwitchBits(Mode.Bits32), Directive = true },
        new("bits 64", "bits 64", Mode.Ours) { Emit = (t, _) => t.SwitchBits(Mode.Bits64), Directive = true },
        new("section kind", "section .text, .data, .rodata or .bss", Mode.Ours) { Emit = Section, Directive = true },
        new("section kind 'name'", "section name, with the attributes of that kind", Mode.Ours)
        {
            Emit = Section,
            Directive = true,
        },
    ];

    /// <summary>Whether a name is a symbol that other object files see: in ours, with two dots.</summary>
    public static bool IsExported(Translator translator, string written)
        => translator.Mode != Mode.Gen1 && written.StartsWith("..", System.StringComparison.Ordinal);

    private static void Namespace(Translator translator, Statement statement)
    {
        var name = statement.Get<NewNameOperand>("name");
        if (name.Written.Contains('.'))
        {
            translator.Error(XSharpErrorCode.NotAStatement, name.Column,
                "expected the name of a namespace without dots");
            return;
        }

        translator.Names.Namespace = name.Written;
    }

    private static void Function(Translator translator, Statement statement) => Open(translator, statement, "Ret");

    private static void Interrupt(Translator translator, Statement statement)
        => Open(translator, statement, translator.Mode == Mode.Bits64 ? "iretq" : "iret");

    private static void Naked(Translator translator, Statement statement) => Open(translator, statement, null);

    private static void Open(Translator translator, Statement statement, string? ending)
    {
        var name = statement.Get<NewNameOperand>("name");
        if (translator.Innermost is not null)
        {
            translator.Error(XSharpErrorCode.WrongPlace, statement.Column,
                "expected a '}' above: functions do not nest");
            return;
        }

        if (!translator.RequireNamespace(name.Column))
        {
            return;
        }

        string label = translator.Names.FunctionLabel(name.Written);
        if (!translator.Define(label, name.Column))
        {
            return;
        }

        if (translator.Mode != Mode.Gen1)
        {
            translator.Output.Code($"global {label}");
        }

        translator.Output.Code($"{label}:");
        translator.Names.Enter(name.Written);
        translator.Open(new FunctionBlock(translator.Here, ending));
    }

    private static void Const(Translator translator, Statement statement)
    {
        var names = translator.Names;
        var name = statement.Get<NewNameOperand>("name");
        var value = statement.ConstantOf("n");
        if (!translator.RequireNamespace(name.Column))
        {
            return;
        }

        if (name.Written.Contains('.'))
        {
            translator.Error(XSharpErrorCode.NotAStatement, name.Column,
                "expected the name of a constant without dots");
            return;
        }

        bool added = names.DefineConstant(name.Written, value.Value ?? 0);
        if (!added && translator.Mode != Mode.Gen1)
        {
            translator.Error(XSharpErrorCode.DefinedTwice, name.Column,
                $"expected a new name: '#{name.Written}' is already defined");
            return;
        }

        translator.Output.Constant($"{names.ConstantLabel(name.Written)} equ {value.DataText(translator.Mode)}");
    }

    private static void Include(Translator translator, Statement statement)
    {
        var path = statement.Get<TextOperand>("file");
        translator.Include(path.Value, path.Column);
    }

    private static void Extern(Translator translator, Statement statement)
    {
        var name = statement.Get<NewNameOperand>("name");
        if (!translator.RequireNamespace(name.Column, name.Written))
        {
            return;
        }

        // As a function would be called: a declaration is about other files, whatever function it stands in.
        string label = translator.Names.FunctionLabel(name.Written);
        if (translator.Names.DefineExternal(label))
        {
            translator.Output.Constant($"extern {label}");
            return;
        }

        translator.Error(XSharpErrorCode.DefinedTwice, name.Column,
            $"expected a new name: '{label}' is already defined");
    }

    private static void Section(Translator translator, Statement statement)
    {
        var word = statement.Get<NewNameOperand>("kind");
        var kind = System.Enum.Parse<SectionKind>(word.Written, ignoreCase: true);
        string name = statement.TextOf("name") ?? "." + word.Written;
        if (translator.Innermost is not null)
        {
            translator.Error(XSharpErrorCode.WrongPlace, statement.Column,
                "expected a '}' above: a section changes only between blocks");
            return;
        }

        if (kind == SectionKind.Note && !statement.Operands.ContainsKey("name"))
        {
            translator.Error(XSharpErrorCode.NotAStatement, word.Column,
                "expected the name of the section: section note '.note.NAME'");
            return;
        }

        translator.Output.Switch(kind, name);
    }
}
