// What the JIT leaves in the code of a kernel that is to be small, taken out of ILC's object. The instructions that are
// left come closer together, and their jumps shorter; the tables for debuggers follow.

using System.IO;

namespace Eros.Build.Tasks.Tightening;

internal static class CodeTightening
{
    internal static void Run(string path)
    {
        ElfObject elf = new(File.ReadAllBytes(path));
        MachineCode code = new(elf);
        NeedlessBytes.Drop(code);
        DirectJumps.Make(code);
        NearAddresses.Take(code);
        UnusedFrames.Drop(code);
        ShortConstants.Shorten(code);
        SharedLeads.Share(code);
        SharedTails.Share(code);
        TurnedJumps.Turn(code);
        Relays.Lay(code);
        code.Write();
        File.WriteAllBytes(path, elf.Bytes);
    }
}
