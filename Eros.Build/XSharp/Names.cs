// Names and scopes. How a written name becomes an assembler label:
//
//   written     inside function F      outside a function
//   name        NS_F_name              NS_name
//   .name       NS_name                NS_name   (Gen1: name)
//   ..name      name                   name
//   F2()        NS_F2; .F2() too, and ..F2() is F2   (Gen1 does not interpret the dots here)
//   #C          NS_Const_C             NS_Const_C
//
// Labels and functions may be used before they are defined; constants and the sizes of variables may not.

using System;
using System.Collections.Generic;
using System.Numerics;

namespace Eros.Build.XSharp;

internal sealed class Names(bool gen1)
{
    private static readonly HashSet<string> _gen1Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "as", "all", "byte", "call", "const", "dword", "function", "goto", "if", "interrupt", "iret",
        "namespace", "port", "return", "ret", "repeat", "times", "var", "word", "while",
    };

    private static readonly HashSet<string> _ourWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "qword", "flags", "signed", "lock", "rep", "fsbase", "gsbase",
    };

    private readonly Dictionary<string, int> _defined = new(StringComparer.Ordinal);
    private readonly HashSet<string> _external = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BigInteger> _constants = new(StringComparer.Ordinal);
    private readonly List<(string Label, Place Place)> _uses = [];
    private int _blocks;
    private int _blocksOutside;

    /// <summary>The current namespace, or null before the first.</summary>
    public string? Namespace { get; set; }

    /// <summary>The function whose body this is, or null.</summary>
    public string? Function { get; private set; }

    /// <summary>Whether the word can never be a name.</summary>
    public static bool IsReserved(string word, Mode mode)
        => _gen1Words.Contains(word) || (mode != Mode.Gen1 && _ourWords.Contains(word));

    /// <summary>Enters a function's scope; its blocks are counted from 1.</summary>
    public void Enter(string written)
    {
        Function = written.TrimStart('.');
        _blocks = 0;
    }

    /// <summary>Leaves the function's scope.</summary>
    public void Leave() => Function = null;

    /// <summary>The label of a variable, a jump target or an address.</summary>
    public string Label(string written)
    {
        if (written.StartsWith("..", StringComparison.Ordinal))
        {
            return written[2..];
        }

        if (written[0] == '.')
        {
            return gen1 && Function is null ? written[1..] : $"{Namespace}_{written[1..]}";
        }

        return Function is null ? $"{Namespace}_{written}" : $"{Namespace}_{Function}_{written}";
    }

    /// <summary>The label of a function that is defined, or called with <c>F()</c>.</summary>
    public string FunctionLabel(string written)
    {
        if (gen1)
        {
            return $"{Namespace}_{written}";
        }

        bool plain = written.StartsWith("..", StringComparison.Ordinal);
        return plain ? written[2..] : $"{Namespace}_{written.TrimStart('.')}";
    }

    /// <summary>The assembler's name of a constant.</summary>
    public string ConstantLabel(string name) => $"{Namespace}_Const_{name}";

    /// <summary>Where <c>return</c> goes.</summary>
    public string ExitLabel => $"{Namespace}_{Function}_Exit";

    /// <summary>The label of a part of a block.</summary>
    public string BlockLabel(int block, string part)
        => Function is null ? $"{Namespace}_Block{block}_{part}" : $"{Namespace}_{Function}_Block{block}_{part}";

    /// <summary>The number of the next block of this function, or of the code outside all functions.</summary>
    public int NextBlock() => Function is null ? ++_blocksOutside : ++_blocks;

    /// <summary>Notes that a label is defined here; false if it already was.</summary>
    /// <param name="label">The assembler's name.</param>
    /// <param name="size">The element size in bytes of a variable; 0 for code.</param>
    public bool Define(string label, int size) => _defined.TryAdd(label, size) && !_external.Contains(label);

    /// <summary>Whether the label is defined above.</summary>
    public bool IsDefined(string label) => _defined.ContainsKey(label);

    /// <summary>Notes that another object file defines the label; false if this one already does.</summary>
    public bool DefineExternal(string label) => _external.Add(label) && !_defined.ContainsKey(label);

    /// <summary>The element size in bytes of a variable defined above; 0 if there is none.</summary>
    public int SizeOf(string label) => _defined.GetValueOrDefault(label);

    /// <summary>Notes a constant; false if it already was.</summary>
    public bool DefineConstant(string name, BigInteger value) => _constants.TryAdd(ConstantLabel(name), value);

    /// <summary>The value of a constant declared above, or null.</summary>
    public BigInteger? FindConstant(string name) => _constants.TryGetValue(ConstantLabel(name), out var v) ? v : null;

    /// <summary>Notes that a label is used.</summary>
    public void Use(string label, Place place) => _uses.Add((label, place));

    /// <summary>The uses of labels that nothing defines or declares, in the order of the source.</summary>
    public IEnumerable<(string Label, Place Place)> Undefined()
    {
        foreach (var use in _uses)
        {
            bool local = _defined.ContainsKey(use.Label) || _constants.ContainsKey(use.Label);
            if (!local && !_external.Contains(use.Label))
            {
                yield return use;
            }
        }
    }
}
