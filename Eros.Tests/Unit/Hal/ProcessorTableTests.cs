using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Eros.Hal.Timers;
using Eros.Hal.X64;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed class ProcessorTableTests
{
    [Test]
    public void DescriptorsHaveTheBitsOfTheManual()
    {
        DescriptorTable table = default;
        table.Fill(0xFFFF_8000_1234_5678);
        Assert.That(table[1], Is.EqualTo(0x00AF9B000000FFFF), "kernel code");
        Assert.That(table[2], Is.EqualTo(0x00CF93000000FFFF), "kernel data");
        Assert.That(table[4], Is.EqualTo(0x00CFF3000000FFFF), "user data");
        Assert.That(table[5], Is.EqualTo(0x00AFFB000000FFFF), "user code");
        Assert.That(table[6], Is.EqualTo(0x1200893456780067), "task, low");
        Assert.That(table[7], Is.EqualTo(0xFFFF8000), "task, high");
        Assert.That(Unsafe.SizeOf<DescriptorPointer>(), Is.EqualTo(10));
        Assert.That(Unsafe.SizeOf<TaskState>(), Is.EqualTo(104));
    }

    [Test]
    public void SysretAndSyscallFindTheirSelectors()
    {
        Assert.That(Selector.UserBase + 8, Is.EqualTo(Selector.UserData));
        Assert.That(Selector.UserBase + 16, Is.EqualTo(Selector.UserCode));
        Assert.That(Selector.KernelCode + 8, Is.EqualTo(Selector.KernelData));
    }

    [Test]
    public void GateHoldsHandlerStackAndRing()
    {
        InterruptGate gate = new(0xFFFF_FFFF_8012_3456, 2, 3);
        Assert.That(gate.Low, Is.EqualTo(0x8012_EE02_0008_3456));
        Assert.That(gate.High, Is.EqualTo(0xFFFF_FFFF));
    }

    [Test]
    public void EachMissingFeatureIsNamed()
    {
        CpuFeatures all = Complete();
        Assert.That(Missing(all), Is.Empty);
        CpuIdRegisters basic = all.Basic;
        all.Basic.Edx &= ~(1u << 9);
        Assert.That(Missing(all), Does.Contain("APIC"));
        all.Basic = basic with { Ecx = basic.Ecx & ~(1u << 28) };
        Assert.That(Missing(all), Is.EqualTo("AVX"));
        all.Basic = basic;
        Assert.That(Missing(all with { Vector = default }), Is.EqualTo("AVX"));
        Assert.That(Missing(default), Is.Not.Empty);
    }

    [Test]
    public void ProtectionsAreTheControlBitsOfWhatIsThere()
    {
        CpuFeatures cpu = default;
        Assert.That(cpu.Protections, Is.Zero);
        cpu.Structured.Ebx = 1 << 7;
        Assert.That(cpu.Protections, Is.EqualTo(1UL << 20));
        cpu.Structured.Ebx |= 1 << 20;
        Assert.That(cpu.Protections, Is.EqualTo(3UL << 20));
    }

    [TestCase(0x756E6547u, 0ul, true)]
    [TestCase(0x756E6547u, 1ul, false)]
    [TestCase(0x68747541u, 0ul, false)]
    public void MeltdownIsPossibleUnlessRuledOut(uint vendor, ulong capabilities, bool expected)
    {
        CpuFeatures cpu = new() { Vendor = new CpuIdRegisters { Ebx = vendor }, Capabilities = capabilities };
        Assert.That(cpu.MayMelt, Is.EqualTo(expected));
    }

    [Test]
    public void TimeScaleIsExactToAMillionthAndNeverAhead([Random(0, int.MaxValue, 20)] int seed)
    {
        var random = new Random(seed);
        ulong hz = (ulong)random.NextInt64(1_000_000, 6_000_000_000);
        ulong ticks = (ulong)random.NextInt64(0, 1L << 53);
        TimeScale scale = new(hz);
        BigInteger exact = (BigInteger)ticks * 1_000_000_000 / hz;
        Assert.That((BigInteger)scale.ToNanoseconds(ticks), Is.LessThanOrEqualTo(exact), $"seed {seed}");
        Assert.That(exact - scale.ToNanoseconds(ticks), Is.LessThanOrEqualTo(exact / 1_000_000 + 1), $"seed {seed}");

        ulong ns = (ulong)random.NextInt64(0, 1_000_000_000_000);
        BigInteger exactTicks = (BigInteger)ns * hz / 1_000_000_000;
        Assert.That((BigInteger)scale.ToTicks(ns), Is.LessThanOrEqualTo(exactTicks), $"seed {seed}");
        Assert.That(exactTicks - scale.ToTicks(ns), Is.LessThanOrEqualTo(exactTicks / 1_000_000 + 1), $"seed {seed}");
    }

    [TestCase(0b00100u, Access.Read)]
    [TestCase(0b00111u, Access.Write)]
    [TestCase(0b10101u, Access.Execute)]
    public void PageFaultsErrorCodeSaysWhatWasTried(uint errorCode, Access access) =>
        Assert.That(Traps.AccessOf(errorCode), Is.EqualTo(access));

    [TestCase(0, FaultCode.Divide)]
    [TestCase(6, FaultCode.BadOpcode)]
    [TestCase(12, FaultCode.GeneralProtection)]
    [TestCase(13, FaultCode.GeneralProtection)]
    [TestCase(19, FaultCode.FloatingPoint)]
    public void ExceptionsHaveTheirFaultCodes(int vector, FaultCode code) =>
        Assert.That(Traps.FaultOf(vector), Is.EqualTo(code));

    [Test]
    public void CalibrationTakesTheMiddleOne()
    {
        Assert.That(Calibration.Middle(5, 9, 7), Is.EqualTo(7));
        Assert.That(Calibration.Middle(9, 7, 5), Is.EqualTo(7));
        Assert.That(Calibration.Middle(7, 5, 9), Is.EqualTo(7));
        Assert.That(Calibration.Middle(7, 7, 9), Is.EqualTo(7));
    }

    private static string Missing(CpuFeatures cpu) => Encoding.ASCII.GetString(cpu.Missing());

    private static CpuFeatures Complete() => new()
    {
        Basic = new CpuIdRegisters { Ecx = 1 << 28, Edx = (1 << 4) | (1 << 9) },
        Vector = new CpuIdRegisters { Eax = 7 },
    };
}
