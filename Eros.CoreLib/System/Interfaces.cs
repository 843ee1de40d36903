// The small interfaces of System. They are invariant on purpose: interface dispatch compares MethodTable
// addresses only (Internal/Runtime/InterfaceDispatch.cs).

namespace System;

public interface IDisposable
{
    void Dispose();
}

public interface IEquatable<T>
{
    bool Equals(T? other);
}

public interface IComparable<T>
{
    int CompareTo(T? other);
}
