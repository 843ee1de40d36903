// Interface calls whose receiver the compiler could not foresee. A call site loads the address of its dispatch
// cell and calls through the cell's first word, which is RhpInitialDynamicInterfaceDispatch (Dispatch.xs): that
// saves the arguments, asks Resolve here for the target and jumps to it. Nothing is cached: hot paths of freestanding
// code have no interface calls, and domains pay a short walk.
//
// A match is equality of MethodTable addresses, so interfaces must not be variant.

using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Internal.Runtime;

/// <summary>A dispatch cell: pairs of words; the pair whose code is zero is the last, its word the slot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DispatchCell
{
    internal nint Code;
    internal nint Word;
}

/// <summary>A class's dispatch map: methods of classes, then default methods of interfaces.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DispatchMap
{
    private ushort _standardCount;
    private ushort _defaultCount;
    private ushort _standardStaticCount;
    private ushort _defaultStaticCount;
    private DispatchMapEntry _first;

    internal int InstanceCount => _standardCount + _defaultCount;

    internal DispatchMapEntry* Entries => (DispatchMapEntry*)Unsafe.AsPointer(ref _first);
}

[StructLayout(LayoutKind.Sequential)]
internal struct DispatchMapEntry
{
    internal ushort InterfaceIndex;
    internal ushort InterfaceSlot;
    internal ushort ImplementationSlot;
}

internal static unsafe class InterfaceDispatch
{
    private const nint KindMask = 3;
    private const nint InterfaceAddress = 1;
    private const nint InterfaceRelative = 3;

    [RuntimeExport("RhpResolveInterfaceDispatch")]
    private static void* ResolveForObject(MethodTable** receiver, DispatchCell* cell) => Resolve(*receiver, cell);

    /// <summary>The code of the interface method of <paramref name="cell"/> in <paramref name="type"/>.</summary>
    internal static void* Resolve(MethodTable* type, DispatchCell* cell)
    {
        MethodTable* target = InterfaceOf(cell);
        while (cell->Code != 0)
        {
            cell++;
        }

        int slot = (int)cell->Word;
        for (MethodTable* current = type; current != null; current = current->BaseType)
        {
            void* code = Find(current, type, target, slot);
            if (code != null)
            {
                return code;
            }
        }

        Host.Fail(FailCode.InvalidCast);
        return null;
    }

    // The word's low bits say how it names the interface; relative words are relative to themselves.
    private static MethodTable* InterfaceOf(DispatchCell* cell)
    {
        nint word = cell->Word;
        nint value = word & ~KindMask;
        nint self = (nint)(&cell->Word);
        return (word & KindMask) switch
        {
            InterfaceAddress => (MethodTable*)value,
            InterfaceRelative => (MethodTable*)(self + (int)value),
            _ => *(MethodTable**)(self + (int)value),
        };
    }

    private static void* Find(MethodTable* declaring, MethodTable* receiver, MethodTable* target, int slot)
    {
        if (!declaring->HasDispatchMap)
        {
            return null;
        }

        DispatchMap* map = declaring->DispatchMap;
        DispatchMapEntry* entry = map->Entries;
        for (int left = map->InstanceCount; left > 0; left--, entry++)
        {
            if (entry->InterfaceSlot == slot && declaring->GetInterface(entry->InterfaceIndex) == target)
            {
                // A slot of the declaring class may be overridden in the receiver's own vtable.
                int implementation = entry->ImplementationSlot;
                return implementation < declaring->VtableSlotCount
                    ? receiver->GetVtableSlot(implementation)
                    : declaring->GetSealedVtableSlot(implementation - declaring->VtableSlotCount);
            }
        }

        return null;
    }
}
