// FrameModel: what a home frame should hold, as a plain list of the words that are not zero. Written from the rules
// (docs/invariants.md, V1..V4), not from the store's code. Values never change: each operation gives a new one.

using System;
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

    private readonly (int Word, ulong Value)[] _words;

    private FrameModel(FrameKind kind, uint version, (int Word, ulong Value)[] words, bool isPinned = false)
    {
        IsPinned = isPinned;
        Kind = kind;
        Version = version;
        _words = words;
    }

    /// <summary>A frame that nobody ever bought.</summary>
    public static FrameModel Free { get; } = new(FrameKind.Free, 0, []);

    public FrameKind Kind { get; }

    /// <summary>The version of a page, process or free frame; what a pot began with.</summary>
    public uint Version { get; }

    /// <summary>It stays in memory. An object that ends ends that.</summary>
    public bool IsPinned { get; }

    public ulong this[int word]
    {
        get
        {
            int at = IndexOf(_words, word);
            return at < _words.Length && _words[at].Word == word ? _words[at].Value : 0;
        }
    }

    /// <summary>The word where a node begins.</summary>
    public static int NodeWord(int node) => FirstNodeWord + (node * NodeWords);

    /// <summary>With other values of some words; of one that is named twice, the later.</summary>
    public FrameModel With(params ReadOnlySpan<(int Word, ulong Value)> changes)
    {
        var words = new (int Word, ulong Value)[_words.Length + changes.Length];
        _words.CopyTo(words, 0);
        int count = _words.Length;
        foreach ((int word, ulong value) in changes)
        {
            int at = IndexOf(words.AsSpan(0, count), word);
            bool isThere = at < count && words[at].Word == word;
            int after = at + (isThere ? 1 : 0);
            int next = at + (value != 0 ? 1 : 0);
            words.AsSpan(after, count - after).CopyTo(words.AsSpan(next));
            count += next - after;
            if (value != 0)
            {
                words[at] = (word, value);
            }
        }

        return new FrameModel(Kind, Version, count == words.Length ? words : words[..count], IsPinned);
    }

    /// <summary>The same, pinned or not.</summary>
    public FrameModel Pinned(bool isPinned) => new(Kind, Version, _words, isPinned);

    /// <summary>With zeros from one word on, before another.</summary>
    public FrameModel Cleared(int from, int to) =>
        new(Kind, Version, [.. _words[..IndexOf(_words, from)], .. _words[IndexOf(_words, to)..]], IsPinned);

    /// <summary>Rule V1 for a page or a process.</summary>
    public FrameModel Rescinded()
    {
        FrameModel empty = Empty(Kind, Version + 1);
        return Kind == FrameKind.Process ? empty.With((CallCountWord, this[CallCountWord] + 1)) : empty;
    }

    /// <summary>Rule V1 for a node.</summary>
    public FrameModel Rescinded(int node)
    {
        int first = NodeWord(node);
        return Cleared(first, first + NodeWords).With((first, (uint)this[first] + 1)).Pinned(false);
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
        return kind == FrameKind.Process ? empty.With((CallCountWord, (ulong)(highest + 1) << 32)) : empty;
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
            int expected = i < _words.Length ? _words[i].Word : Words;
            if (found != expected || (found < Words && actual[found] != _words[i].Value))
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
        var empty = new FrameModel(kind, version, []);
        for (int node = 0; kind == FrameKind.Pot && node < NodePot.NodeCount; node++)
        {
            empty = empty.With((NodeWord(node), version));
        }

        return kind == FrameKind.Process ? empty.With((ProcessVersionWord, version)) : empty;
    }

    /// <summary>Where a word is, or would be.</summary>
    private static int IndexOf(ReadOnlySpan<(int Word, ulong Value)> words, int word)
    {
        (int low, int high) = (0, words.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = words[middle].Word < word ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
