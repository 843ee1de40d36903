// Delegates. The compiler calls the Initialize methods when a delegate is made, and its Invoke stub passes
// _firstParameter as the first argument to _functionPointer: the names of the fields are part of that contract.

using System.Runtime.CompilerServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System;

public abstract class Delegate
{
    internal object? _firstParameter;
    internal object? _helperObject;
    internal nint _extraFunctionPointerOrData;
    internal nint _functionPointer;

    private void InitializeClosedInstance(object firstParameter, nint functionPointer)
    {
        if (firstParameter is null)
        {
            ThrowHelpers.ThrowNullReferenceException();
        }

        _functionPointer = functionPointer;
        _firstParameter = firstParameter;
    }

    // Reached for a method of a shared generic instantiation: the pointer may be tagged, which is not supported.
    private void InitializeClosedInstanceSlow(object firstParameter, nint functionPointer)
    {
        if ((functionPointer & 2) != 0)
        {
            ThrowHelpers.ThrowPlatformNotSupportedException();
        }

        InitializeClosedInstance(firstParameter, functionPointer);
    }

    // A closed delegate over a static method: an extension method used as an instance method.
    private void InitializeClosedStaticThunk(object firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
        _functionPointer = functionPointerThunk;
        _firstParameter = this;
    }

    private void InitializeOpenStaticThunk(object firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _firstParameter = this;
        _functionPointer = functionPointerThunk;
        _extraFunctionPointerOrData = functionPointer;
    }

    private unsafe void InitializeClosedInstanceToInterface(object firstParameter, nint dispatchCell)
    {
        if (firstParameter is null)
        {
            ThrowHelpers.ThrowNullReferenceException();
        }

        _functionPointer = (nint)InterfaceDispatch.Resolve(firstParameter.m_pEEType, (DispatchCell*)dispatchCell);
        _firstParameter = firstParameter;
    }
}

public abstract class MulticastDelegate : Delegate
{
}
