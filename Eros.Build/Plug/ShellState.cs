namespace Eros.Build.Plug;

/// <summary>What a plug pull may change and must not mix: two things that two programs keep, changed one after the
/// other.</summary>
/// <param name="Value">The value of the shell's variable `x`, as `get x` prints it.</param>
/// <param name="Count">How often the counter was called.</param>
public sealed record ShellState(string Value, long Count);
