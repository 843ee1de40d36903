// Static constructors that could not be run at build time. Without this class the compiler drops them in silence.
// Each such type has a context: the address of the constructor, zero once it has run. Code that touches the type's
// statics tests it and calls the runner. There is one thread of managed code per image here, so no lock: a type
// whose constructor is running is entered again only by that constructor, and sees what it has done so far.

using System.Diagnostics;

namespace System.Runtime.CompilerServices;

internal struct StaticClassConstructionContext
{
    internal nint CctorMethodAddress;
}

[StackTraceHidden]
internal static unsafe class ClassConstructorRunner
{
    private static void CheckStaticClassConstruction(ref StaticClassConstructionContext context)
    {
        nint constructor = context.CctorMethodAddress;
        if (constructor != 0)
        {
            context.CctorMethodAddress = 0;
            bool isDone = false;
            try
            {
                Host.ErosConstruct(constructor);
                isDone = true;
            }
            finally
            {
                if (!isDone)
                {
                    context.CctorMethodAddress = (nint)(delegate*<void>)&FailAgain;
                }
            }
        }
    }

    // In place of a constructor that threw: it is not tried again.
    private static void FailAgain() => throw new TypeInitializationException();

    private static object CheckStaticClassConstructionReturnGCStaticBase(
        ref StaticClassConstructionContext context, object gcStaticBase)
    {
        CheckStaticClassConstruction(ref context);
        return gcStaticBase;
    }

    private static nint CheckStaticClassConstructionReturnNonGCStaticBase(
        ref StaticClassConstructionContext context, nint nonGcStaticBase)
    {
        CheckStaticClassConstruction(ref context);
        return nonGcStaticBase;
    }

    private static object CheckStaticClassConstructionReturnThreadStaticBase(
        object threadStaticBase, ref StaticClassConstructionContext context)
    {
        CheckStaticClassConstruction(ref context);
        return threadStaticBase;
    }
}
