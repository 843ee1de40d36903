// FrameModel: what a home frame should hold, as a plain list of the words that are not zero. Written from the rules
// (docs/invariants.md, V1..V4), not from the store's code. Values never change: each operation gives a new one.

using System;
using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Tests.Crash;

/// <summary>
/// One frame, by its 512 words of 8 bytes. Words 0..2 of pots and processes (checksum, name, generation) are left out.
/// </summary>
public sealed class FrameModel
{
    public const int Words = 512;

    /// <summary>The first word of a pot's first node: its version and kind.</summary>
    public const int FirstNodeWord = 36;

    /// <summary>Words of a node.</summary>
    public const int NodeWords = 68;

    /// <summary>The word of a process with its version, and the one with its call count.</summary>
    public const int ProcessVersionWord = 3;
    public const int CallCountWord = 6;

    private const int HeaderWords = 3;

    private readonly SortedList<int, ulong> _words;

    private FrameModel(FrameKind kind, uint version, SortedList<int, ulong> words)
    {
        Kind = kind;
        Version = version;
        _words = words;
    }

    /// <summary>A frame that nobody ever bought.</summary>
    public static FrameModel Free { get; } = new(FrameKind.Free, 0, []);

    public FrameKind Kind { get; }

    /// <summary>The version of a page, process or free frame; what a pot began with.</summary>
    public uint Version { get; }

    public ulong this[int word] => _words.TryGetValue(word, out ulong value) ? value : 0;

    /// <summary>The word where a node begins.</summary>
    public static int NodeWord(int node) => FirstNodeWord + (node * NodeWords);

    public FrameModel With(int word, ulong value)
    {
        var words = new SortedList<int, ulong>(_words);
        if (value == 0)
        {
            words.Remove(word);
        }
        else
        {
            words[word] = value;
        }

        return new FrameModel(Kind, Version, words);
    }

    /// <summary>Rule V1 for a page or a process.</summary>
    public FrameModel Rescinded()
    {
        FrameModel empty = Empty(Kind, Version + 1);
        return Kind == FrameKind.Process ? empty.With(CallCountWord, this[CallCountWord] + 1) : empty;
    }

    /// <summary>Rule V1 for a node.</summary>
    public FrameModel Rescinded(int node)
    {
        int first = NodeWord(node);
        var words = new SortedList<int, ulong>(_words);
        for (int word = first; word < first + NodeWords; word++)
        {
            words.Remove(word);
        }

        words[first] = (uint)this[first] + 1;
        return new FrameModel(Kind, Version, words);
    }

    /// <summary>Rules V2 and V4.</summary>
    public FrameModel Retyped(FrameKind kind)
    {
        uint highest = Version;
        for (int node = 0; Kind == FrameKind.Pot && node < NodePot.NodeCount; node++)
        {
            highest = Math.Max(highest, (uint)this[NodeWord(node)]);
        }

        if (Kind == FrameKind.Process)
        {
            highest = Math.Max(highest, (uint)(this[CallCountWord] >> 32));
        }

        FrameModel empty = Empty(kind, highest + 1);
        return kind == FrameKind.Process ? empty.With(CallCountWord, (ulong)(highest + 1) << 32) : empty;
    }

    /// <summary>Null when the frame in memory is this one, else what differs.</summary>
    public string? Compare(FrameKind kind, uint version, ulong frame, ReadOnlySpan<ulong> actual)
    {
        if (kind != Kind)
        {
            return $"frame {frame}: kind {kind}, should be {Kind}";
        }

        if (kind != FrameKind.Pot && version != Version)
        {
            return $"frame {frame}: version {version}, should be {Version}";
        }

        int word = kind is FrameKind.Pot or FrameKind.Process ? HeaderWords : 0;
        for (int i = 0; ; i++)
        {
            int gap = actual[word..].IndexOfAnyExcept(0UL);
            int found = gap < 0 ? Words : word + gap;
            int expected = i < _words.Count ? _words.GetKeyAtIndex(i) : Words;
            if (found != expected || (found < Words && actual[found] != _words.GetValueAtIndex(i)))
            {
                return $"frame {frame} ({kind}): word {Math.Min(found, expected)} is wrong";
            }

            if (found == Words)
            {
                return null;
            }

            word = found + 1;
        }
    }

    private static FrameModel Empty(FrameKind kind, uint version)
    {
        var words = new SortedList<int, ulong>();
        for (int node = 0; kind == FrameKind.Pot && node < NodePot.NodeCount; node++)
        {
            words[NodeWord(node)] = version;
        }

        if (kind == FrameKind.Process)
        {
            words[ProcessVersionWord] = version;
        }

        return new FrameModel(kind, version, words);
    }
}
