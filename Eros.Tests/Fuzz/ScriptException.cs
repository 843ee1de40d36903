using System;

namespace Eros.Tests.Fuzz;

/// <summary>A script that is none. The message names the line, and what was expected there.</summary>
public sealed class ScriptException(string what) : Exception(what);
