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
internal sealed class AssemblyText(bool gen1)
{
    private readonly List<string> _constants = [];
    private readonly List<string> _data = [];
    private readonly List<string> _code = [];
    private readonly HashSet<string> _sections = [];

    /// <summary>The current section's kind.</summary>
    public SectionKind Section { get; private set; } = SectionKind.Text;

    /// <summary>How many lines of code there are: a point for <see cref="Repeat"/>.</summary>
    public int Length => _code.Count;

    /// <summary>Adds a line of code.</summary>
    public void Code(string line) => _code.Add(line);

    /// <summary>Adds the definition of a constant.</summary>
    public void Constant(string line) => _constants.Add(line);

    /// <summary>Adds a line of data: in its place, or before the code if this is a text section.</summary>
    public void Data(string line) => (Section == SectionKind.Text ? _data : _code).Add(line);

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
        _code.Add(known ? $"section {name}" : $"section {name}{Attributes(kind, name)}");
    }

    /// <summary>The whole file.</summary>
    /// <param name="fileName">For the first and last line.</param>
    /// <param name="externals">Labels that other object files define.</param>
    public string Finish(string fileName, IEnumerable<string> externals)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');

        Line($"; Start of {fileName}");
        if (!gen1)
        {
            Line("bits 64");
            Line("default rel");
        }

        externals.Select(label => $"extern {label}").ToList().ForEach(Line);
        _constants.ForEach(Line);
        if (!gen1 && _data.Count > 0)
        {
            Line("section .data");
        }

        _data.ForEach(Line);
        if (!gen1)
        {
            Line("section .text");
        }

        _code.ForEach(Line);
        Line($"; End of {fileName}");
        return text.ToString();
    }

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
