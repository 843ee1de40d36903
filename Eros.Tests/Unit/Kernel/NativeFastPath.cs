using System;
using System.IO;
using System.Runtime.InteropServices;
using Eros.Build.Tasks;
using Eros.Build.XSharp;
using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;

namespace Eros.Tests.Unit.Kernel;

/// <summary>What FastPathRunner.xs is called with.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct FastPathCall
{
    [FieldOffset(0)] public ulong Block;
    [FieldOffset(8)] public ulong From;
    [FieldOffset(16)] public ulong Cr3;
    [FieldOffset(24)] public ulong Receiver;

    // Declined: what RDI RSI RDX R8 were then.
    [FieldOffset(32)] public ulong Left0;
    [FieldOffset(40)] public ulong Left1;
    [FieldOffset(48)] public ulong Left2;
    [FieldOffset(56)] public ulong Left3;

    /// <summary>1: an invocation; 2: an exception, with vector and error code.</summary>
    [FieldOffset(64)] public ulong Entry;
    [FieldOffset(72)] public ulong Vector;
    [FieldOffset(80)] public ulong Error;
}

/// <summary>
/// The kernel's fast path, assembled from its X# and run natively over a simulated machine. What it leaves in registers
/// goes to the receiver's frame, and what it would load into CR3 to the simulated MMU.
/// </summary>
public static unsafe partial class NativeFastPath
{
    private const ulong Invocation = 1;
    private const ulong Exception = 2;
    private const int ReadWriteExecute = 7;
    private const int PrivateAnonymous = 0x22;

    private static readonly delegate* unmanaged<FastPathCall*, int> _run = Load();

    /// <summary>Has the current process of a machine make its invocation. False: the fast path declines; then nothing
    /// has changed.</summary>
    public static bool TryRun(SimulatedMachine machine) =>
        TryRun(machine, new FastPathCall { Entry = Invocation });

    /// <summary>Has its keeper told of an exception at the instruction that it is at.</summary>
    public static bool TryFault(SimulatedMachine machine, FaultCode code, ulong error) =>
        TryVector(machine, (ulong)code, error);

    /// <summary>The same of any vector: each but 0 has itself as code.</summary>
    public static bool TryVector(SimulatedMachine machine, ulong vector, ulong error)
    {
        ref TrapBlock block = ref machine.Kernel.State.Trap;
        for (int i = 0; i < TrapBlock.Exceptions; i++)
        {
            block.FaultCodes[i] = (byte)i;
        }

        return TryRun(machine, new FastPathCall { Entry = Exception, Vector = vector, Error = error });
    }

    private static bool TryRun(SimulatedMachine machine, FastPathCall call)
    {
        Eros.Kernel.Kernel kernel = machine.Kernel;
        fixed (TrapBlock* block = &kernel.State.Trap)
        fixed (FastTarget* targets = &kernel.Spaces.Targets[0])
        fixed (Activity* activities = &kernel.Activities[0])
        fixed (ushort* awaited = kernel.Stalls.Awaited)
        fixed (KernelCounters* counters = &kernel.Counters.Values)
        {
            FastTargets.Publish(kernel);
            ref ProcessFrame from = ref *(ProcessFrame*)block->Frame;
            call.Block = (ulong)block;
            call.From = block->Frame;
            if (_run(&call) == 0)
            {
                bool isLeft = call.Entry == Invocation
                    ? call.Left0 == from.Rdi && call.Left1 == from.Rsi && call.Left2 == from.Rdx
                        && call.Left3 == from.R8
                    : call.Left0 == call.Vector && call.Left3 == call.Error;
                isLeft &= call.From == block->Frame;
                return isLeft ? false : throw new InvalidOperationException("declined, and lost a register");
            }

            ref ProcessFrame to = ref *(ProcessFrame*)call.Receiver;
            if (call.Receiver != block->Frame || to.Rip >> Guard.AddressLog2 != 0 || (to.FsBase | to.GsBase) != 0)
            {
                throw new InvalidOperationException("taken, and the process cannot go to ring 3 so");
            }

            if (block->Stale > TrapBlock.MostStale)
            {
                throw new InvalidOperationException("taken, and the processor remembers too much");
            }

            if (call.Cr3 != 0)
            {
                machine.Mmu.LoadRoot((uint)(call.Cr3 / PhysicalMemory.FrameBytes));
            }

            return true;
        }
    }

    private static delegate* unmanaged<FastPathCall*, int> Load()
    {
        using TemporaryFolder folder = new();
        byte[] code = Assemble(folder);
        void* memory = Map(null, (nuint)code.Length, ReadWriteExecute, PrivateAnonymous, -1, 0);
        code.CopyTo(new Span<byte>(memory, code.Length));
        return (delegate* unmanaged<FastPathCall*, int>)memory;
    }

    /// <summary>The bytes of the runner, which begin with its entry.</summary>
    private static byte[] Assemble(TemporaryFolder folder)
    {
        WriteConstants(folder);
        string source = Repository.PathOf("Eros.Tests/Unit/Kernel/FastPathRunner.xs");
        string[] includes = [Path.GetDirectoryName(folder.File("constants.xs"))!, Repository.PathOf("Eros.Hal/X64")];
        StringWriter errors = new();
        string text = folder.File("run.asm");
        if (XSharpFile.CompileTo(source, text, new XSharpOptions(), includes, errors) != 0)
        {
            throw new InvalidOperationException(errors.ToString());
        }

        Run("nasm", ["-f", "elf64", "-o", folder.File("run.o"), text]);
        string[] link = ["-Ttext=0", "-e", "0", "--oformat", "binary", "-o", folder.File("run"), folder.File("run.o")];
        Run("ld", link);
        return File.ReadAllBytes(folder.File("run"));
    }

    private static void WriteConstants(TemporaryFolder folder)
    {
        string text = "";
        foreach ((Type type, string names) in new[]
        {
            (typeof(ProcessFrame), "ProcessFrame;RunState;CapabilityType;ProcessFlags"),
            (typeof(TrapBlock), "TrapBlock;FastTarget;FastTargets;Activity;KernelCounters;InvocationWord"),
            (typeof(FastPathCall), "FastPathCall"),
        })
        {
            string file = folder.File(type.Name);
            XSharpConstants.Run(new()
            {
                ["assembly"] = type.Assembly.Location,
                ["types"] = names,
                ["out"] = file,
            });
            text += File.ReadAllText(file);
        }

        File.WriteAllText(folder.File("constants.xs"), text);
    }

    private static void Run(string tool, string[] arguments)
    {
        ToolResult result = Tool.Run(tool, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.Output);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, long offset);
}
