// The model of a capability interface: what its stub and its dispatcher are written from. Plain values, no symbols,
// so that the incremental pipeline can compare them.

using System;

namespace Eros.Build.Generator.Model;

/// <summary>How a value travels in a message.</summary>
internal enum Carrier
{
    /// <summary>One of the three words.</summary>
    Word,

    /// <summary>One of the capabilities.</summary>
    Capability,

    /// <summary>The message's string as UTF-8 text.</summary>
    Text,

    /// <summary>The message's string as bytes.</summary>
    Bytes,

    /// <summary>
    /// A Span of the caller's that the answer's string is stored in; the parameter after it is the length.
    /// </summary>
    Buffer,

    /// <summary>The length that belongs to <see cref="Buffer"/>.</summary>
    BufferLength,
}

/// <summary>A parameter, or a value that is returned.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Type">Fully qualified.</param>
/// <param name="IsOut">Travels with the answer.</param>
/// <param name="Index">Word 1..3 or argument 0..3; 0 for strings.</param>
/// <param name="Check">Condition on the received word {0} that must hold, empty when every value is good.</param>
/// <param name="Client">Fully qualified client class of a typed capability.</param>
internal sealed record ValueModel(
    string Name, string Type, bool IsOut, Carrier Carrier, int Index, string Check = "", string Client = "")
    : IEquatable<ValueModel>;

/// <summary>One order.</summary>
/// <param name="ReturnsResult">The method returns the result itself; otherwise a failure ends the caller.</param>
/// <param name="Returned">What the method returns besides, travelling as the first value of the answer.</param>
internal sealed record MethodModel(
    string Name,
    uint Order,
    bool IsOneWay,
    bool ReturnsResult,
    ValueModel? Returned,
    EquatableArray<ValueModel> Parameters,
    int MaxString)
    : IEquatable<MethodModel>;

/// <summary>One capability interface.</summary>
/// <param name="Stem">The name without its I: CounterClient and CounterServer are made of it.</param>
internal sealed record InterfaceModel(
    string Namespace, string Name, string Stem, string Accessibility, EquatableArray<MethodModel> Methods)
    : IEquatable<InterfaceModel>;
