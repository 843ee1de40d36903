// ProcessorTables: the descriptor table, the task state and the interrupt table of one processor. Made at boot,
// never changed; the object never moves, so the processor is given its address.

using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Interrupts;

namespace Eros.Hal.X64;

/// <summary>Where this processor finds its segments, stacks and handlers.</summary>
public sealed unsafe class ProcessorTables
{
    /// <summary>Bytes from one entry of Trap_Table to the next: a call's.</summary>
    private const int StubBytes = 5;

    private DescriptorTable _descriptors;
    private TaskState _task;
    private Gates _gates;

    /// <param name="entryStack">Top of the stack for entries from ring 3.</param>
    /// <param name="faultStacks">Top of the first of three stacks, for double faults, non-maskable interrupts and
    /// machine checks; each ends where the next begins.</param>
    /// <param name="faultStackBytes">Bytes of each.</param>
    public ProcessorTables(ulong entryStack, ulong faultStacks, ulong faultStackBytes)
    {
        _task.Stack0 = entryStack;
        _task.Interrupt1 = faultStacks;
        _task.Interrupt2 = faultStacks + faultStackBytes;
        _task.Interrupt3 = faultStacks + 2 * faultStackBytes;
        _task.PortMap = TaskState.SizeInBytes;
        _descriptors.Fill((ulong)Unsafe.AsPointer(ref _task));
        ulong stubs = (ulong)(delegate*<void>)&Stubs;
        for (int i = 0; i < Vector.Count; i++)
        {
            int ring = i is Vector.Breakpoint or Vector.Overflow ? 3 : 0;
            _gates[i] = new InterruptGate(stubs + (ulong)(i * StubBytes), StackOf(i), ring);
        }
    }

    /// <summary>Makes the processor use them. Selectors are loaded anew; the bases of FS and GS become 0.</summary>
    public void Load()
    {
        DescriptorPointer pointer = new()
        {
            Limit = (ushort)(sizeof(DescriptorTable) - 1),
            Address = (ulong)Unsafe.AsPointer(ref _descriptors),
        };
        Native.LoadDescriptors(&pointer, Selector.KernelCode, Selector.KernelData, Selector.Task);
        pointer.Limit = (ushort)(sizeof(Gates) - 1);
        pointer.Address = (ulong)Unsafe.AsPointer(ref _gates);
        Native.LoadInterrupts(&pointer);
    }

    private static int StackOf(int vector) => vector switch
    {
        Vector.DoubleFault => 1,
        Vector.NonMaskable => 2,
        Vector.MachineCheck => 3,
        _ => 0,
    };

    [RuntimeImport("*", "Trap_Table")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Stubs();

    [InlineArray(Vector.Count)]
    private struct Gates
    {
        private InterruptGate _gate0;
    }
}
