// The errors of the language: their numbers (never reused; docs/xsharp.md lists them) and how one is printed.

using System.Collections.Generic;

namespace Eros.Build.XSharp;

/// <summary>What is wrong; the number is what the user sees as <c>XS0010</c>.</summary>
public enum XSharpErrorCode
{
    /// <summary>A character that the language does not have, or too many of them.</summary>
    UnknownToken = 1,

    /// <summary>A string without its closing quote.</summary>
    UnclosedText = 2,

    /// <summary>A number that is malformed or out of range.</summary>
    BadNumber = 3,

    /// <summary>A line that no form of the statement table matches.</summary>
    NotAStatement = 10,

    /// <summary>Two registers of different sizes.</summary>
    SizeMismatch = 11,

    /// <summary>A constant too large for where it stands.</summary>
    ConstantTooLarge = 12,

    /// <summary>A store or comparison whose size cannot be told.</summary>
    UnknownSize = 13,

    /// <summary>A register that does not exist in this mode, or in this place.</summary>
    WrongRegister = 14,

    /// <summary>A name used before any <c>namespace</c>.</summary>
    NoNamespace = 20,

    /// <summary>A name defined twice.</summary>
    DefinedTwice = 21,

    /// <summary>A name that is neither defined nor declared <c>extern</c>.</summary>
    NotDefined = 22,

    /// <summary>A closing brace without its opening one.</summary>
    UnmatchedBrace = 30,

    /// <summary>A block that is still open at the end of the file.</summary>
    UnclosedBlock = 31,

    /// <summary>A statement that may not stand here.</summary>
    WrongPlace = 32,

    /// <summary>An included file that cannot be read, or that includes itself.</summary>
    BadInclude = 40,

    /// <summary>The output cannot be written.</summary>
    CannotWrite = 41,
}

/// <summary>One error.</summary>
/// <param name="File">The file as the caller named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters; a tab is one.</param>
/// <param name="Code">Which error.</param>
/// <param name="Message">One line that says what was expected.</param>
public sealed record XSharpError(string File, int Line, int Column, XSharpErrorCode Code, string Message)
{
    /// <summary>MSBuild's canonical form, so that IDEs jump to the place.</summary>
    public override string ToString() => $"{File}({Line},{Column}): error XS{(int)Code:D4}: {Message}";
}

/// <summary>Collects errors; knows the line being compiled.</summary>
internal sealed class ErrorList
{
    private readonly List<XSharpError> _errors = [];

    /// <summary>The file being compiled.</summary>
    public string File { get; set; } = "";

    /// <summary>The line being compiled, from 1.</summary>
    public int Line { get; set; }

    /// <summary>All errors so far.</summary>
    public IReadOnlyList<XSharpError> All => _errors;

    /// <summary>Adds an error on the line being compiled.</summary>
    public void Add(XSharpErrorCode code, int column, string message)
        => Add(new Place(File, Line, column), code, message);

    /// <summary>Adds an error at a place noted earlier.</summary>
    public void Add(Place place, XSharpErrorCode code, string message)
        => _errors.Add(new XSharpError(place.File, place.Line, place.Column, code, message));
}

/// <summary>A place in the source, kept for errors that show only later.</summary>
internal readonly record struct Place(string File, int Line, int Column);
