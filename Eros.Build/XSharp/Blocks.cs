// Open blocks: what an opening brace began, and what its closing brace emits.

namespace Eros.Build.XSharp;

/// <summary>An open block.</summary>
/// <param name="Place">Of its opening line.</param>
internal abstract record Block(Place Place)
{
    /// <summary>Emits what the closing brace stands for.</summary>
    public abstract void Close(Translator translator);
}

/// <summary>The body of a `function`, `interrupt` or `naked function`.</summary>
/// <param name="Ending">What is emitted after the exit label; null for a naked one, which has neither.</param>
internal sealed record FunctionBlock(Place Place, string? Ending) : Block(Place)
{
    /// <inheritdoc/>
    public override void Close(Translator translator)
    {
        var names = translator.Names;
        if (Ending is not null)
        {
            string exit = names.ExitLabel;
            if (!names.IsDefined(exit))
            {
                names.Define(exit, 0);
                translator.Output.Code($"{exit}:");
            }

            if (translator.Mode == Mode.Gen1 && Ending == "Ret")
            {
                // Upstream's debugger reads it; an interrupt leaves it alone.
                names.Use("INTs_LastKnownAddress", Place);
                translator.Output.Code($"mov dword [INTs_LastKnownAddress],{exit}");
            }

            translator.Output.Code(Ending);
        }

        names.Leave();
    }
}

/// <summary>The body of an `if`, or of its `else`.</summary>
/// <param name="End">The label after the body.</param>
/// <param name="IsElse">It already is the second body.</param>
internal sealed record IfBlock(Place Place, string End, bool IsElse) : Block(Place)
{
    /// <inheritdoc/>
    public override void Close(Translator translator) => translator.Output.Code($"{End}:");
}

/// <summary>The body of a `while`.</summary>
internal sealed record WhileBlock(Place Place, string Begin, string End) : Block(Place)
{
    /// <inheritdoc/>
    public override void Close(Translator translator)
    {
        translator.Output.Code($"Jmp {Begin}");
        translator.Output.Code($"{End}:");
    }
}

/// <summary>The body of a `repeat`: emitted as often as it says.</summary>
/// <param name="Start">Where in the code the body begins.</param>
internal sealed record RepeatBlock(Place Place, int Start, int Times) : Block(Place)
{
    private const int MostLines = 100_000;

    /// <inheritdoc/>
    public override void Close(Translator translator)
    {
        long lines = (long)(translator.Output.Length - Start) * Times;
        if (lines > MostLines)
        {
            translator.Errors.Add(Place, XSharpErrorCode.ConstantTooLarge,
                $"expected fewer repetitions: more than {MostLines} lines");
            return;
        }

        translator.Output.Repeat(Start, Times);
    }
}

/// <summary>What follows a line with an error that ended in a brace: keeps the braces in step.</summary>
internal sealed record BrokenBlock(Place Place) : Block(Place)
{
    /// <inheritdoc/>
    public override void Close(Translator translator)
    {
    }
}
