using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Eros.Hal.Firmware;

namespace Eros.Tests.Unit.Hal;

/// <summary>One megabyte of "physical memory" that a test writes tables into.</summary>
internal sealed unsafe class PhysicalImage : IDisposable
{
    public const int Size = 1 << 20;

    private readonly byte* _memory = (byte*)NativeMemory.AllocZeroed(Size);

    public PhysicalWindow Window => new(_memory, Size);

    public Span<byte> At(ulong address) => new(_memory + address, Size - (int)address);

    public void U8(ulong address, byte value) => At(address)[0] = value;

    public void U16(ulong address, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(At(address), value);

    public void U32(ulong address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(At(address), value);

    public void U64(ulong address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(At(address), value);

    /// <summary>Sets the byte at <paramref name="checksum"/> so that <paramref name="length"/> bytes add up to
    /// 0.</summary>
    public void Seal(ulong address, int length, int checksum)
    {
        U8(address + (ulong)checksum, 0);
        byte sum = 0;
        foreach (byte b in At(address)[..length])
        {
            sum += b;
        }

        U8(address + (ulong)checksum, (byte)-sum);
    }

    /// <summary>Writes the header of an ACPI table over whose contents stand already, and its sum.</summary>
    public void Table(ulong address, uint signature, int length)
    {
        U32(address, signature);
        U32(address + 4, (uint)length);
        Seal(address, length, 9);
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
