using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Eros.Tests.SystemTests;

/// <summary>Programs for <see cref="TestVolume"/>, written with Iced.</summary>
internal static class TestPrograms
{
    private const int Grant = 1;
    private const int Checkpoint = 2;
    private const int Session = 5;

    /// <summary>A volume with one process that says "tick a", waits for a checkpoint, says "tick b", and so
    /// on.</summary>
    public static void MakeTicker(string path)
    {
        using TestVolume volume = new();
        AddTicker(volume);
        volume.Save(path);
    }

    /// <summary>The same, and so many that look at all their memory for ever.</summary>
    public static void MakeTickerAmong(string path, int others)
    {
        using TestVolume volume = new();
        AddTicker(volume);
        for (int i = 0; i < others; i++)
        {
            volume.AddProcess(4, Look);
        }

        volume.Save(path);
    }

    private static void AddTicker(TestVolume volume) => volume.AddProcess(
        8,
        Tick,
        new Capability(CapabilityType.ConsoleGrant, default, 0),
        new Capability(CapabilityType.Checkpoint, default, 0));

    private static void Look(Assembler c)
    {
        Label loop = c.CreateLabel();
        c.Label(ref loop);
        c.mov(al, __byte_ptr[TestVolume.DataAddress]);
        c.jmp(loop);
    }

    /// <summary>Counts in memory. A session that died is opened anew.</summary>
    private static void Tick(Assembler c)
    {
        Label start = c.CreateLabel();
        Label loop = c.CreateLabel();
        Label text = c.CreateLabel();
        c.mov(__byte_ptr[TestVolume.DataAddress], 'a');
        c.Label(ref start);
        Call(c, Grant, ConsoleGrantOrder.OpenSession, receive: InvocationWord.Registers(Session));
        c.Label(ref loop);
        c.mov(al, __byte_ptr[TestVolume.DataAddress]);
        c.mov(rbx, __qword_ptr[text]);
        c.mov(__qword_ptr[TestVolume.DataAddress + 16], rbx);
        c.mov(__byte_ptr[TestVolume.DataAddress + 21], al);
        c.mov(r9d, (uint)TestVolume.DataAddress + 16);
        c.mov(r10d, 8);
        Call(c, Session, ConsoleSessionOrder.Write, hasString: true);
        c.test(edi, edi);
        c.jnz(start);
        c.inc(__byte_ptr[TestVolume.DataAddress]);
        Call(c, Checkpoint, CheckpointOrder.Take);
        Call(c, Checkpoint, CheckpointOrder.WaitCommitted);
        c.jmp(loop);
        c.Label(ref text);
        c.db("tick ?\r\n"u8.ToArray());
    }

    private static void Call(Assembler c, int invoked, uint order, uint receive = 0, bool hasString = false)
    {
        c.mov(rax, new InvocationWord(InvocationKind.Call, invoked, 0, receive).Value);
        c.mov(edi, order);
        if (!hasString)
        {
            c.xor(r10d, r10d);
        }

        c.syscall();
    }
}
