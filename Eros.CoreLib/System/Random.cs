// Pseudo-random numbers from a seed: Knuth's subtractive generator (The Art of Computer Programming, volume 2,
// 3.2.2 A), with the constants that .NET uses for seeded generators, so that a seed gives the same sequence on both.

using Internal.Runtime.CompilerHelpers;

namespace System;

public class Random
{
    private const int Seed0 = 161803398;
    private const int Size = 56;

    private readonly int[] _state = new int[Size];
    private int _next;
    private int _nextPartner = 21;

    public Random(int seed)
    {
        int last = Seed0 - (seed == int.MinValue ? int.MaxValue : Math.Abs(seed));
        int next = 1;
        _state[Size - 1] = last;
        for (int i = 1, at = 0; i < Size - 1; i++)
        {
            at = (at + 21) % (Size - 1);
            _state[at] = next;
            next = Wrap(last - next);
            last = _state[at];
        }

        for (int round = 0; round < 4; round++)
        {
            for (int i = 1; i < Size; i++)
            {
                int partner = i + 30;
                _state[i] = Wrap(_state[i] - _state[1 + partner % (Size - 1)]);
            }
        }
    }

    /// <summary>From 0 to 2^31 - 2.</summary>
    public virtual int Next() => Sample();

    public virtual int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)(NextDouble() * maxValue);
    }

    /// <summary>From the lower bound to the upper, which is not reached.</summary>
    public virtual int Next(int minValue, int maxValue)
    {
        if (minValue > maxValue)
        {
            ThrowHelpers.ThrowArgumentOutOfRangeException();
        }

        long range = (long)maxValue - minValue;
        double sample = range <= int.MaxValue ? NextDouble() : WideSample();
        return (int)((long)(sample * range) + minValue);
    }

    /// <summary>From 0 to 1, which is not reached.</summary>
    public virtual double NextDouble() => Sample() * (1.0 / int.MaxValue);

    public virtual void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte b in buffer)
        {
            b = (byte)Sample();
        }
    }

    public virtual void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    private static int Wrap(int value) => value < 0 ? value + int.MaxValue : value;

    private int Sample()
    {
        _next = _next == Size - 1 ? 1 : _next + 1;
        _nextPartner = _nextPartner == Size - 1 ? 1 : _nextPartner + 1;
        int value = _state[_next] - _state[_nextPartner];
        if (value == int.MaxValue)
        {
            value--;
        }

        value = Wrap(value);
        _state[_next] = value;
        return value;
    }

    // A sample with a sign, spread over twice the range.
    private double WideSample()
    {
        int value = Sample();
        bool negative = Sample() % 2 == 0;
        double sample = negative ? -value : value;
        return (sample + (int.MaxValue - 1)) / (2 * (uint)int.MaxValue - 1);
    }
}
