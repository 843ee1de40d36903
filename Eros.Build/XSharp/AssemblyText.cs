// The output: NASM text in three streams, so that constants stand before data and data before code, wherever the
// source had them.
//
// Our dialect has sections. A `var` in a text section goes to .data; in any other section it stays in its place.

using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Eros.Build.XSharp;

/// <summary>The kinds of section.</summary>
internal enum SectionKind
{
    Text,
    Data,
    RoData,
    Bss,
    Note,
}

/// <summary>Collects the assembly text of one compilation.</summary>
/// <param name="gen1">Upstream's language: no sections and no preamble.</param>
/// <param name="isTraced">Tells NASM where each line comes from.</param>
internal sealed class AssemblyText(bool gen1, bool isTraced)
{
    private readonly List<Line> _constants = [];
    private readonly List<Line> _data = [];
    private readonly List<Line> _code = [];
    private readonly HashSet<string> _sections = [];

    private readonly record struct Line(string Text, string File, int Number);

    /// <summary>Where the lines come from that are added now.</summary>
    public (string File, int Line) Source { get; set; } = ("", 0);

    /// <summary>The current section's kind.</summary>
    public SectionKind Section { get; private set; } = SectionKind.Text;

    /// <summary>How many lines of code there are: a point for <see cref="Repeat"/>.</summary>
    public int Length => _code.Count;

    /// <summary>Adds a line of code.</summary>
    public void Code(string line) => _code.Add(At(line));

    /// <summary>Adds the definition of a constant.</summary>
    public void Constant(string line) => _constants.Add(At(line));

    /// <summary>Adds a line of data: in its place, or before the code if this is a text section.</summary>
    public void Data(string line) => (Section == SectionKind.Text ? _data : _code).Add(At(line));

    /// <summary>Replaces the lines since a point by that many copies of them.</summary>
    public void Repeat(int start, int times)
    {
        var body = _code.GetRange(start, _code.Count - start);
        _code.RemoveRange(start, body.Count);
        for (int i = 0; i < times && body.Count > 0; i++)
        {
            _code.AddRange(body);
        }
    }

    /// <summary>Goes on in another section. Its attributes are given where it is first named.</summary>
    public void Switch(SectionKind kind, string name)
    {
        Section = kind;
        bool known = _sections.Contains(name);
        _sections.Add(name);
        Code(known ? $"section {name}" : $"section {name}{Attributes(kind, name)}");
    }

    /// <summary>The whole file.</summary>
    /// <param name="fileName">For the first and last line.</param>
    /// <param name="externals">Labels that other object files define.</param>
    public string Finish(string fileName, IEnumerable<string> externals)
    {
        var text = new StringBuilder();
        void Plain(string line) => text.Append(line).Append('\n');
        void Traced(Line line)
        {
            if (isTraced)
            {
                Plain($"%line {line.Number}+0 {line.File}");
            }

            Plain(line.Text);
        }

        Plain($"; Start of {fileName}");
        if (!gen1)
        {
            Plain("bits 64");
            Plain("default rel");
        }

        externals.Select(label => $"extern {label}").ToList().ForEach(Plain);
        _constants.ForEach(Traced);
        if (!gen1 && _data.Count > 0)
        {
            Plain("section .data");
        }

        _data.ForEach(Traced);
        if (!gen1)
        {
            Plain("section .text");
        }

        _code.ForEach(Traced);
        Plain($"; End of {fileName}");
        return text.ToString();
    }

    private Line At(string text) => new(text, Source.File, Source.Line);

    // NASM knows the attributes of the plain names itself.
    private static string Attributes(SectionKind kind, string name)
    {
        if (name is ".text" or ".data" or ".rodata" or ".bss")
        {
            return "";
        }

        return kind switch
        {
            SectionKind.Text => " progbits alloc exec nowrite align=16",
            SectionKind.Data => " progbits alloc noexec write align=8",
            SectionKind.RoData => " progbits alloc noexec nowrite align=8",
            SectionKind.Bss => " nobits alloc noexec write align=8",
            _ => " note alloc noexec nowrite align=4",
        };
    }
}
