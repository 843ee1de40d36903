// KernelStacks: the stacks of the kernel's threads, 16 KB each, all mapped at boot. Below each is an absent page:
// what runs over its stack is a double fault, told on an interrupt stack, and not a silent overwriting of its
// neighbour.

using Eros.Hal.Firmware;

namespace Eros.Hal.X64;

/// <summary>Stacks from <see cref="MemoryLayout.Stacks"/> upwards.</summary>
public struct KernelStacks
{
    public const ulong StackBytes = 16 * 1024;

    private const ulong Stride = StackBytes + KernelTables.PageBytes;

    private int _taken;
    private int _count;

    /// <summary>Maps <paramref name="count"/> stacks. False: too little memory.</summary>
    public bool Map(int count, KernelTables tables, ref BootMemory memory)
    {
        for (; _count < count; _count++)
        {
            ulong frames = memory.TakeFrames(StackBytes / KernelTables.PageBytes);
            if (frames == 0 || !tables.Map(BottomOf(_count), frames, StackBytes, MapKind.Memory, ref memory))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The top of a stack that nobody has; 0 when all are taken.</summary>
    public ulong Take() => _taken == _count ? 0 : BottomOf(_taken++) + StackBytes;

    private static ulong BottomOf(int stack) => MemoryLayout.Stacks + (ulong)stack * Stride + KernelTables.PageBytes;
}
