// ProtocolSource: the numbers of the protocol and what their doc comments say, read from the source text. The files are
// flat: classes of constants, and enumerations. So lines are enough to go by.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Eros.Build.Cli.Documents;

/// <summary>One number with its doc comment.</summary>
internal sealed record ProtocolNumber(string Name, uint Value, ProtocolComment Comment);

/// <summary>A class of constants or an enumeration.</summary>
internal sealed record ProtocolGroup(string Name, ProtocolComment Comment, IReadOnlyList<ProtocolNumber> Numbers)
{
    private const string OrderSuffix = "Order";

    /// <summary>The type of capability whose orders these are; null for other numbers.</summary>
    internal string? OrdersOf => Name.EndsWith(OrderSuffix, StringComparison.Ordinal)
        ? Name[..^OrderSuffix.Length]
        : null;
}

/// <summary>The tags of a doc comment, each as one line of text.</summary>
internal sealed partial class ProtocolComment
{
    private readonly Dictionary<string, string> _tags;

    internal ProtocolComment(string xml) =>
        _tags = XElement.Parse($"<doc>{xml}</doc>").Elements().ToDictionary(tag => tag.Name.LocalName, Text);

    internal string Summary => this["summary"];

    /// <summary>The text of a tag; empty when it is not there.</summary>
    internal string this[string tag] => _tags.GetValueOrDefault(tag, string.Empty);

    /// <summary>The names in front of colons in what fails: results.</summary>
    internal IEnumerable<string> Failures => Failure().Matches(this["fails"]).Select(match => match.Groups[1].Value);

    /// <summary>The places that come back: w1..w3, a0..a3, string.</summary>
    internal IEnumerable<string> Outs => Place().Matches(this["out"]).Select(match => match.Value).Distinct();

    private static string Text(XElement tag)
    {
        string text = string.Concat(tag.Nodes().Select(
            node => node is XElement see ? see.Attribute("cref")?.Value : ((XText)node).Value));
        return Space().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"(?:^|\. )([A-Z]\w+):")]
    private static partial Regex Failure();

    // A place is named first in its part: "a0 what is stored, w1 the number".
    [GeneratedRegex(@"(?<=^|, )(?:w[1-3]|a[0-3]|string)\b")]
    private static partial Regex Place();
}

/// <summary>Reads source files.</summary>
internal static partial class ProtocolSource
{
    private const string CommentMark = "///";

    /// <summary>The groups of a file, in its order.</summary>
    internal static IReadOnlyList<ProtocolGroup> Read(string path)
    {
        List<(string Name, ProtocolComment Comment, List<ProtocolNumber> Numbers)> groups = [];
        StringBuilder comment = new();
        foreach (string line in File.ReadLines(path).Select(line => line.Trim()))
        {
            if (line.StartsWith(CommentMark, StringComparison.Ordinal))
            {
                comment.AppendLine(line[CommentMark.Length..]);
                continue;
            }

            if (Group().Match(line) is { Success: true } group)
            {
                groups.Add((group.Groups[1].Value, new ProtocolComment(comment.ToString()), []));
            }
            else if (groups.Count != 0 && Number().Match(line) is { Success: true } number)
            {
                groups[^1].Numbers.Add(new ProtocolNumber(
                    number.Groups[1].Value, Value(number.Groups[2].Value), new ProtocolComment(comment.ToString())));
            }

            comment.Clear();
        }

        return [.. groups.Select(group => new ProtocolGroup(group.Name, group.Comment, group.Numbers))];
    }

    private static uint Value(string text)
    {
        string digits = text.Replace("_", string.Empty, StringComparison.Ordinal);
        return digits.StartsWith("0x", StringComparison.Ordinal)
            ? uint.Parse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : uint.Parse(digits, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^public (?:static class|enum|readonly struct|struct) (\w+)")]
    private static partial Regex Group();

    [GeneratedRegex(@"^(?:public const uint )?(\w+) = (0x[0-9A-F_]+|\d+)[;,]$")]
    private static partial Regex Number();
}
