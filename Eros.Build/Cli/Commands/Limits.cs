using System.Numerics;

namespace Eros.Build.Cli.Commands;

/// <summary>Checks of numbers that options take.</summary>
internal static class Limits
{
    /// <summary>Gives <paramref name="value"/> back unless it is below <paramref name="least"/>.</summary>
    /// <exception cref="UserError">It is.</exception>
    internal static T AtLeast<T>(T least, T value, string option)
        where T : IComparisonOperators<T, T, bool> =>
        value >= least ? value : throw new UserError($"{option} takes a number of at least {least}, not {value}.");
}
