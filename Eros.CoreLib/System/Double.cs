namespace System;

public readonly struct Double
{
}
