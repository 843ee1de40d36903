using System;

namespace Eros.Tests.Fuzz;

/// <summary>Model and kernel do not agree.</summary>
public sealed class DifferenceException(string what) : Exception(what);
