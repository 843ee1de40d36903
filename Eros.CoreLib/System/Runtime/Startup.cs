// What a freestanding image does before its first managed statement that touches a static reference: walk the
// module header that the compiler left between __start___modules and __stop___modules.
//
//   header   u32 'RTR\0', u16 major, u16 minor, u32 flags, u16 sections, u8 entry size, u8, then entries
//   entry    i32 id, i32 flags, ptr start, ptr end
//   id 201   32-bit self-relative pointers to slots of static references. A slot begins with a self-relative
//            pointer to the MethodTable of the object that holds the statics; bit 0 = not yet allocated,
//            bit 1 = the next 32-bit word points to its initial content. It becomes the holder's address.
//   id 205   32-bit self-relative addresses of static constructors to run at once

using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System.Runtime;

public static unsafe class Startup
{
    private const int GcStatics = 201;
    private const int EagerConstructors = 205;
    private const int HeaderSize = 16;
    private const int SectionCountOffset = 12;

    /// <summary>Makes static references usable, runs eager constructors; allocation works already.</summary>
    public static void Run() => Walk((byte**)(delegate*<void>)&ModulesStart, (byte**)(delegate*<void>)&ModulesEnd);

    // A method of its own: compared where they are taken, the two addresses would be folded as if they were numbers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Walk(byte** module, byte** end)
    {
        for (; module < end; module++)
        {
            ModuleSection* section = (ModuleSection*)(*module + HeaderSize);
            for (int left = *(ushort*)(*module + SectionCountOffset); left > 0; left--, section++)
            {
                RunSection(section);
            }
        }
    }

    private static void RunSection(ModuleSection* section)
    {
        for (int* item = section->Start; item < section->End; item++)
        {
            if (section->Id == GcStatics)
            {
                AllocateStatics((nint*)FromRelative(item));
            }
            else if (section->Id == EagerConstructors)
            {
                ((delegate*<void>)FromRelative(item))();
            }
        }
    }

    private static void AllocateStatics(nint* slot)
    {
        int* words = (int*)slot;
        int tagged = *words;
        if ((tagged & 1) == 0)
        {
            return;
        }

        MethodTable* type = (MethodTable*)((byte*)words + (tagged & ~3));
        object holder = Allocator.New(type);
        nint address = Unsafe.As<object, nint>(ref holder);
        if ((tagged & 2) != 0)
        {
            Buffer.MemoryCopy(FromRelative(words + 1), (byte*)address + sizeof(nint), type->BaseSize - 16);
        }

        *slot = address;
    }

    private static byte* FromRelative(int* field) => (byte*)field + *field;

    // Symbols of the linker, not functions: only their addresses are taken.
    [RuntimeImport("*", "__start___modules")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void ModulesStart();

    [RuntimeImport("*", "__stop___modules")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void ModulesEnd();

    private struct ModuleSection
    {
        internal int Id;
        internal int Flags;
        internal int* Start;
        internal int* End;
    }
}
