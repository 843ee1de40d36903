using System;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Hal.Input;
using Eros.Hal.Video;
using NUnit.Framework;

namespace Eros.Tests.Unit.Hal;

public sealed unsafe class TextScreenTests
{
    private ushort* _cells;
    private TextScreen _screen;

    [SetUp]
    public void Clear()
    {
        _cells = (ushort*)NativeMemory.Alloc(TextScreen.Cells * sizeof(ushort));
        _screen = new TextScreen(_cells);
        _screen.Clear(0, TextScreen.Cells);
    }

    [TearDown]
    public void Free() => NativeMemory.Free(_cells);

    [Test]
    public void LinesAndTabsAndBackspace()
    {
        Print("ab\r\n\tc\b\bd");
        Assert.That(Row(0), Is.EqualTo("ab"));
        Assert.That(Row(1), Is.EqualTo("       dc"));
    }

    [Test]
    public void FullLineWrapsWithTheNextCharacterOnly()
    {
        Print(new string('x', 80));
        Assert.That(_screen.Row, Is.Zero);
        Print("\r\n");
        Assert.That(_screen.Row, Is.EqualTo(1));
        Print(new string('y', 81));
        Assert.That(Row(2), Is.EqualTo("y"));
    }

    [Test]
    public void LastLineScrolls()
    {
        Print(string.Concat(Enumerable.Range(0, 30).Select(i => $"line {i}\r\n")));
        Assert.That(Row(0), Is.EqualTo("line 6"));
        Assert.That(Row(23), Is.EqualTo("line 29"));
        Assert.That(Row(24), Is.Empty);
    }

    [Test]
    public void LineEditorsSequencesAreObeyedAndOthersSwallowed()
    {
        Print("hello\e[3D\e[KX\e[31mY\e[1;2HZ\eM.\e[C!");
        Assert.That(Row(0), Is.EqualTo("heXYZ. !"));
    }

    [Test]
    public void NoInputLeavesTheScreen([Random(0, int.MaxValue, 5)] int seed)
    {
        var random = new Random(seed);
        byte[] alphabet = [0x1B, (byte)'[', (byte)'9', (byte)'C', (byte)'D', (byte)'K', 8, 9, 10, 13, 65, 0, 255];
        for (int i = 0; i < 20_000; i++)
        {
            _screen.Put(alphabet[random.Next(alphabet.Length)]);
            Assert.That(_screen.Row, Is.InRange(0, 24), $"seed {seed}");
            Assert.That(_screen.Column, Is.InRange(0, 80), $"seed {seed}");
        }
    }

    [TestCase(new byte[] { 0x1E, 0x9E }, "a")]
    [TestCase(new byte[] { 0x2A, 0x1E, 0x9E, 0xAA, 0x1E }, "Aa")]
    [TestCase(new byte[] { 0x1D, 0x2E, 0xAE, 0x9D, 0x2E }, "\u0003c")]
    [TestCase(new byte[] { 0x3A, 0xBA, 0x1E, 0x02, 0x2A, 0x1E, 0x02 }, "A1a!")]
    [TestCase(new byte[] { 0xE0, 0x48, 0xE0, 0xC8, 0xE0, 0x53 }, "\e[A\e[3~")]
    [TestCase(new byte[] { 0xE0, 0x1C, 0x1C, 0x0E, 0x39 }, "\r\r\b ")]
    [TestCase(new byte[] { 0x1D, 0x38, 0xE0, 0x53, 0xB8, 0x9D, 0x53 }, "\u001d")]
    [TestCase(new byte[] { 0x38, 0x1D, 0xE0, 0x48, 0x53 }, "\e[A\u001d")]
    [TestCase(new byte[] { 0x1D, 0x1B, 0x9D, 0x38, 0x53 }, "]")]
    [TestCase(new byte[] { 0x7F, 0x00, 0x54, 0xE0, 0x5B }, "")]
    public void ScanCodesBecomeWhatATerminalSends(byte[] codes, string expected)
    {
        ScanCodes keyboard = default;
        string typed = "";
        foreach (byte code in codes)
        {
            for (uint bytes = keyboard.Decode(code); bytes != 0; bytes >>= 8)
            {
                typed += (char)(byte)bytes;
            }
        }

        Assert.That(typed, Is.EqualTo(expected));
    }

    private void Print(string text)
    {
        foreach (char c in text)
        {
            _screen.Put((byte)c);
        }
    }

    private string Row(int row) =>
        string.Concat(new Span<ushort>(_cells + (row * 80), 80).ToArray().Select(cell => (char)(byte)cell)).TrimEnd();
}
