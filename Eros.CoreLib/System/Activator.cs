using System.Runtime.CompilerServices;

namespace System;

public static class Activator
{
    /// <summary>new T(): replaced by the compiler.</summary>
    [Intrinsic]
    public static T CreateInstance<T>()
        where T : allows ref struct => CreateInstance<T>();
}
