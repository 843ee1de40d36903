// The checks are compiled twice, here for .NET and in CoreLibProbe for Eros.CoreLib, and must say the same.
// A check says what it finds through Output; it asserts nothing by itself.

using System;
using System.Text;

namespace Eros.Tests.Programs;

public readonly struct Check(string name, Action<Output> body)
{
    public string Name { get; } = name;

    public Action<Output> Body { get; } = body;
}

public sealed class Output
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public void Say(string line) => _text.Append(line).Append('\n');

    public void Say(long number) => _text.Append(number).Append('\n');

    public void Say(bool answer) => Say(answer ? "yes" : "no");
}
