namespace System;

/// <summary>Base of value types. There is no field-wise comparison: a struct that wants one implements it.</summary>
public abstract class ValueType
{
}
