namespace System;

public readonly struct RuntimeTypeHandle
{
    internal readonly nint _value;

    internal RuntimeTypeHandle(nint value) => _value = value;
}

public readonly struct RuntimeMethodHandle
{
    private readonly nint _value;

    internal RuntimeMethodHandle(nint value) => _value = value;

    internal nint Value => _value;
}

public readonly struct RuntimeFieldHandle
{
    private readonly nint _value;

    internal RuntimeFieldHandle(nint value) => _value = value;

    internal nint Value => _value;
}
