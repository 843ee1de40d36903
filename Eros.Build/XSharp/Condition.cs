// Conditions of `if` and `while`: unsigned as upstream has them; our `signed` makes the four orderings signed.

namespace Eros.Build.XSharp;

/// <summary>A condition: the jump taken if it holds, and the one taken if it does not.</summary>
internal sealed record Condition(string Jump, string Inverse)
{
    /// <summary>The condition of an operator, or of the zero flag (`0`, `!0`); null if the text is none.</summary>
    public static Condition? Find(string symbol, bool signed) => (symbol, signed) switch
    {
        ("=", _) => new("JE", "JNE"),
        ("!=", _) => new("JNE", "JE"),
        ("<", false) => new("JB", "JNB"),
        (">", false) => new("JNBE", "JBE"),
        ("<=", false) => new("JBE", "JNBE"),
        (">=", false) => new("JNB", "JB"),
        ("<", true) => new("JL", "JNL"),
        (">", true) => new("JNLE", "JLE"),
        ("<=", true) => new("JLE", "JNLE"),
        (">=", true) => new("JNL", "JL"),
        ("0", false) => new("JE", "JNE"),
        ("!0", false) => new("JNE", "JE"),
        _ => null,
    };
}
