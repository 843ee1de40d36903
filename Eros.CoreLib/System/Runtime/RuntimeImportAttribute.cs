namespace System.Runtime;

/// <summary>Binds an extern method to a symbol of the link: a bare call, System V convention.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeImportAttribute : Attribute
{
    public RuntimeImportAttribute(string library, string symbol)
    {
        Library = library;
        Symbol = symbol;
    }

    public string Library { get; }

    public string Symbol { get; }
}

/// <summary>Gives a static method a global symbol with the System V convention.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeExportAttribute : Attribute
{
    public RuntimeExportAttribute(string symbol) => Symbol = symbol;

    public string Symbol { get; }
}
