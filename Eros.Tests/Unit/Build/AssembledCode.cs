// Code for tests of what becomes of code: text for nasm, in a section and with labels like ILC's.

using System.IO;
using Eros.Build.Tasks;
using Eros.Build.Tasks.Tightening;
using NUnit.Framework;

namespace Eros.Tests.Unit.Build;

internal static class AssembledCode
{
    /// <summary>f is the code; g returns, h goes on in g, and k never does.</summary>
    internal static MachineCode Read(string code, string data = "")
    {
        using TemporaryFolder folder = new();
        string file = folder.File("code.asm");
        File.WriteAllText(file, $"""
            default rel
            extern elsewhere
            section __managedcode progbits alloc exec nowrite align=4
            global f:function (f.end - f)
            global g:function (g.end - g)
            global h:function (h.end - h)
            global k:function (k.end - k)
            f:
            {code}
            .end:
            g: ret
            .end:
            h: jmp g
            .end:
            k: jmp k
            .end:
            {data}
            """);
        ToolResult result = Tool.Run("nasm", ["-f", "elf64", "-o", folder.File("code.o"), file]);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        return new MachineCode(new ElfObject(File.ReadAllBytes(folder.File("code.o"))));
    }
}
