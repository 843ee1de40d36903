namespace System;

/// <summary>Kinds of comparison. There are no cultures: only the ordinal one exists.</summary>
public enum StringComparison
{
    Ordinal = 4,
}

[Flags]
public enum StringSplitOptions
{
    None = 0,
    RemoveEmptyEntries = 1,
    TrimEntries = 2,
}
