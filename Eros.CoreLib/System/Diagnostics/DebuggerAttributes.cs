namespace System.Diagnostics;

/// <summary>Calls are left out unless the symbol is defined where the call is compiled.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class ConditionalAttribute : Attribute
{
    public ConditionalAttribute(string conditionString) => ConditionString = conditionString;

    public string ConditionString { get; }
}

[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Module)]
public sealed class DebuggableAttribute : Attribute
{
    public DebuggableAttribute(DebuggingModes modes) => DebuggingFlags = modes;

    [Flags]
    public enum DebuggingModes
    {
        None = 0,
        Default = 1,
        IgnoreSymbolStoreSequencePoints = 2,
        EnableEditAndContinue = 4,
        DisableOptimizations = 256,
    }

    public DebuggingModes DebuggingFlags { get; }
}

[AttributeUsage(AttributeTargets.All)]
public sealed class DebuggerHiddenAttribute : Attribute
{
}

[AttributeUsage(AttributeTargets.All)]
public sealed class DebuggerBrowsableAttribute : Attribute
{
    public DebuggerBrowsableAttribute(DebuggerBrowsableState state) => State = state;

    public DebuggerBrowsableState State { get; }
}

public enum DebuggerBrowsableState
{
    Never = 0,
    Collapsed = 2,
    RootHidden = 3,
}

/// <summary>Stack traces leave the method, or all of a type's, out.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Constructor
    | AttributeTargets.Struct)]
public sealed class StackTraceHiddenAttribute : Attribute
{
}
