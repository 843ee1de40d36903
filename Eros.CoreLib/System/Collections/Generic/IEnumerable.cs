namespace System.Collections.Generic;

public interface IEnumerable<T> : IEnumerable
    where T : allows ref struct
{
    new IEnumerator<T> GetEnumerator();
}

public interface IEnumerator<T> : IDisposable, IEnumerator
    where T : allows ref struct
{
    new T Current { get; }
}
