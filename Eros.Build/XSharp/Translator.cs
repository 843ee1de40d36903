// One compilation: takes the lines in order, finds the form of each in the statement table, and has it emitted.
// State that statements share hangs off this object.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Eros.Build.XSharp;

internal sealed class Translator
{
    private const int LongestLine = 4096;

    private readonly XSharpOptions _options;
    private readonly List<string> _including = [];
    private readonly Stack<Block> _blocks = new();

    public Translator(XSharpOptions options)
    {
        _options = options;
        Mode = options.X86 ? Mode.Gen1 : Mode.Bits64;
        Names = new Names(options.X86);
        Output = new AssemblyText(options.X86, options.IsTraced);
    }

    /// <summary>The setting of the current line.</summary>
    public Mode Mode { get; private set; }

    /// <summary>The names of this compilation.</summary>
    public Names Names { get; }

    /// <summary>What has been emitted.</summary>
    public AssemblyText Output { get; }

    /// <summary>What has been found wrong.</summary>
    public ErrorList Errors { get; } = new();

    /// <summary>The line being compiled, as a place; the column is that of its first token.</summary>
    public Place Here { get; private set; }

    /// <summary>Compiles a file.</summary>
    public XSharpResult Translate(string source, string fileName)
    {
        TranslateFile(source, fileName);
        while (_blocks.TryPop(out var block))
        {
            if (block is not BrokenBlock)
            {
                Errors.Add(block.Place, XSharpErrorCode.UnclosedBlock,
                    "expected a '}' for this block before the end of the file");
            }
        }

        var externals = new List<string>();
        foreach (var (label, place) in Names.Undefined())
        {
            if (!_options.X86)
            {
                Errors.Add(place, XSharpErrorCode.NotDefined,
                    $"expected '{label}' to be defined in this file or declared 'extern'");
            }
            else if (!externals.Contains(label))
            {
                externals.Add(label);
            }
        }

        return new XSharpResult(Output.Finish(Path.GetFileName(fileName), externals), Errors.All);
    }

    /// <summary>Adds an error at an operand of the current line.</summary>
    public void Error(XSharpErrorCode code, int column, string message) => Errors.Add(code, column, message);

    /// <summary>Defines a label; reports it if there already is one. Inside `repeat` there can be none.</summary>
    /// <returns>Whether it may be emitted.</returns>
    public bool Define(string label, int column, int size = 0)
    {
        if (_blocks.Any(block => block is RepeatBlock { Times: > 1 }))
        {
            Error(XSharpErrorCode.WrongPlace, column,
                "expected only plain instructions inside 'repeat': it would emit a label more than once");
            return false;
        }

        // Upstream sources define a name in each branch of an assembler conditional, which only NASM can see.
        if (Names.Define(label, size) || Mode == Mode.Gen1)
        {
            return true;
        }

        Error(XSharpErrorCode.DefinedTwice, column, $"expected a new name: '{label}' is already defined");
        return false;
    }

    /// <summary>Checks that a namespace was given, for names that are made from it.</summary>
    public bool RequireNamespace(int column, string written = "")
    {
        if (Names.Namespace is not null || written.StartsWith("..", StringComparison.Ordinal))
        {
            return true;
        }

        Error(XSharpErrorCode.NoNamespace, column, "expected 'namespace NAME' above the first name");
        return false;
    }

    /// <summary>Opens a block.</summary>
    public void Open(Block block) => _blocks.Push(block);

    /// <summary>The innermost open block, or null.</summary>
    public Block? Innermost => _blocks.TryPeek(out var block) ? block : null;

    /// <summary>The block of the function around this line, or null.</summary>
    public FunctionBlock? AroundFunction => _blocks.OfType<FunctionBlock>().FirstOrDefault();

    /// <summary>Takes the innermost block off, for a closing brace; null after an error was reported.</summary>
    public Block? Pop(int column)
    {
        if (_blocks.TryPop(out var block))
        {
            return block;
        }

        Error(XSharpErrorCode.UnmatchedBrace, column, "expected an open block before '}'");
        return null;
    }

    /// <summary>Switches between 32-bit and 64-bit code.</summary>
    public void SwitchBits(Mode mode)
    {
        Mode = mode;
        Output.Code(mode == Mode.Bits32 ? "bits 32" : "bits 64");
    }

    /// <summary>Compiles another file in this place; names after it are in the namespace from before it.</summary>
    public void Include(string path, int column)
    {
        string directory = Path.GetDirectoryName(Errors.File) ?? "";
        foreach (string candidate in _options.IncludeDirectories.Prepend(directory).Select(d => Path.Combine(d, path)))
        {
            if (_including.Contains(Identity(candidate)))
            {
                Error(XSharpErrorCode.BadInclude, column,
                    $"expected a file that does not include itself, found '{path}'");
                return;
            }

            if (_options.ReadFile(candidate) is { } source)
            {
                var (file, line, scope) = (Errors.File, Errors.Line, Names.Namespace);
                TranslateFile(source, candidate);
                (Errors.File, Errors.Line, Names.Namespace) = (file, line, scope);
                return;
            }
        }

        Error(XSharpErrorCode.BadInclude, column,
            $"expected a readable file, found '{path}' neither beside this one nor in the include directories");
    }

    private void TranslateFile(string source, string fileName)
    {
        _including.Add(Identity(fileName));
        Errors.File = fileName;
        int number = 0;
        foreach (string line in source.TrimStart('\uFEFF').Split('\n'))
        {
            Errors.Line = ++number;
            Output.Source = (fileName, number);
            TranslateLine(line.TrimEnd('\r'));
        }

        _including.RemoveAt(_including.Count - 1);
    }

    private void TranslateLine(string line)
    {
        if (line.Length > LongestLine)
        {
            string expected = $"expected a line of at most {LongestLine} characters";
            Error(XSharpErrorCode.UnknownToken, LongestLine + 1, expected);
            return;
        }

        string trimmed = line.TrimStart();
        if (trimmed.StartsWith('!'))
        {
            if (trimmed.Trim() is { Length: > 1 } literal)
            {
                Output.Code(literal[1..].Trim());
            }

            return;
        }

        int errors = Errors.All.Count;
        int open = _blocks.Count;
        if (Lexer.Read(line, Errors, Mode == Mode.Gen1) is { } tokens && tokens[0].Kind != TokenKind.End)
        {
            TranslateTokens(tokens);
        }

        if (Errors.All.Count != errors && _blocks.Count == open)
        {
            KeepBracesInStep(trimmed.TrimEnd());
        }
    }

    private void TranslateTokens(IReadOnlyList<Token> tokens)
    {
        Here = new Place(Errors.File, Errors.Line, tokens[0].Column);
        var reader = new TokenReader(tokens, Mode, Names);
        if (StatementTable.Match(reader) is { } statement)
        {
            Run(statement, reader);
            return;
        }

        var (column, message) = reader.Furthest();
        Error(XSharpErrorCode.NotAStatement, column, message);
    }

    // A line with an error must not make its block's closing brace a second error.
    private void KeepBracesInStep(string line)
    {
        if (line.StartsWith('}') && _blocks.TryPop(out var block) && block is FunctionBlock)
        {
            Names.Leave();
        }

        if (line.EndsWith('{'))
        {
            Open(new BrokenBlock(Here));
        }
    }

    private static string Identity(string path)
        => path.Length == 0 || path.Contains('\0') ? path : Path.GetFullPath(path);

    private void Run(Statement statement, TokenReader reader)
    {
        foreach (var (code, column, message) in reader.Problems.Take(1))
        {
            Error(code, column, message);
            return;
        }

        var form = statement.Form;
        if (!form.Directive && Output.Section != SectionKind.Text)
        {
            Error(XSharpErrorCode.WrongPlace, statement.Column, "expected 'section text' before an instruction");
            return;
        }

        int before = Errors.All.Count;
        form.Check?.Invoke(this, statement);
        if (Errors.All.Count != before || !statement.Check(Errors))
        {
            return;
        }

        foreach (var (label, column) in reader.Uses)
        {
            Names.Use(label, new Place(Errors.File, Errors.Line, column));
        }

        if (form.Emit is not null)
        {
            form.Emit(this, statement);
            return;
        }

        foreach (string instruction in form.Instructions(statement))
        {
            Output.Code(instruction);
        }
    }
}
