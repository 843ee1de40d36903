// GraphCapability: the capabilities of a random graph, each with a number, so that what somebody has is a set of bits.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Layout;

namespace Eros.Tests.Confinement;

/// <summary>What a capability of a graph is.</summary>
internal enum GraphKind : byte
{
    Nothing = 0,
    Number,
    Page,
    Node,
    Space,
    Forwarder,
    Start,
    Notification,
    Resume,
    FaultResume,
    Process,
    Builder,
    Client,
    Range,
    Checkpoint,
    ConsoleGrant,
    ConsoleSession,
    Schedule,
    Sleep,
    Discrim,
    ProcessTool,

    /// <summary>Of a process that is no more.</summary>
    Gone,
}

/// <summary>One capability: of which object, with which rights taken away (those that matter here).</summary>
internal readonly record struct GraphCapability(GraphKind Kind, int Target = 0, Rights Taken = Rights.None)
{
    /// <summary>Bits 0..3. Nothing runs in a graph, so no-execute is left out.</summary>
    public const Rights AllRights = Rights.ReadOnly | Rights.Weak | Rights.NoCall | Rights.Opaque;

    private const int RightsCount = (int)AllRights + 1;

    private static readonly GraphCapability[] _all = Enumerate();
    private static readonly int[] _first = FirstOfKinds();

    /// <summary>All capabilities have numbers below this.</summary>
    public static int Count => _all.Length;

    public int Number => _first[(int)Kind] + (HasRights(Kind) ? (Target * RightsCount) + (int)Taken : Target);

    public bool IsNode => Kind is GraphKind.Node or GraphKind.Space;

    public bool Lacks(Rights right) => (Taken & right) != 0;

    /// <summary>The capability with a number.</summary>
    public static GraphCapability Of(int number) => _all[number];

    /// <summary>
    /// What comes through a weak capability: data and levels of spaces for reading; of all else nothing.
    /// </summary>
    public GraphCapability Weakened() => Kind switch
    {
        GraphKind.Number or GraphKind.Discrim => this,
        GraphKind.Page => this with { Taken = Taken | Rights.ReadOnly },
        GraphKind.Node or GraphKind.Space =>
            this with { Taken = Taken | Rights.ReadOnly | Rights.Weak | Rights.NoCall },
        _ => default,
    };

    private static bool HasRights(GraphKind kind) => kind is GraphKind.Page or GraphKind.Node or GraphKind.Space;

    private static GraphCapability[] Enumerate()
    {
        var all = new List<GraphCapability>();
        foreach (GraphKind kind in Enum.GetValues<GraphKind>())
        {
            for (int target = 0; target < CapabilityGraph.Nodes; target++)
            {
                for (int taken = 0; taken < (HasRights(kind) ? RightsCount : 1); taken++)
                {
                    all.Add(new GraphCapability(kind, target, (Rights)taken));
                }
            }
        }

        return [.. all];
    }

    private static int[] FirstOfKinds() =>
        [.. Enum.GetValues<GraphKind>().Select(kind => Array.FindIndex(_all, one => one.Kind == kind))];

    public override string ToString() => Taken == Rights.None ? $"{Kind} {Target}" : $"{Kind} {Target} less {Taken}";
}

/// <summary>A set of capabilities.</summary>
internal sealed class CapabilitySet
{
    private readonly ulong[] _bits = new ulong[(GraphCapability.Count + 63) / 64];

    public void Clear() => Array.Clear(_bits);

    /// <summary>True when it was not in the set.</summary>
    public bool Add(GraphCapability capability)
    {
        if (capability.Kind == GraphKind.Nothing)
        {
            return false;
        }

        ref ulong word = ref _bits[capability.Number >> 6];
        ulong bit = 1UL << capability.Number;
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>True when something was not in the set.</summary>
    public bool AddAll(CapabilitySet others)
    {
        ulong added = 0;
        for (int i = 0; i < _bits.Length; i++)
        {
            added |= others._bits[i] & ~_bits[i];
            _bits[i] |= others._bits[i];
        }

        return added != 0;
    }

    /// <summary>The next capability from a number on, of which the number is set; false behind the last.</summary>
    public bool TryNext(ref int number, out GraphCapability capability)
    {
        int word = number >> 6;
        ulong rest = word < _bits.Length ? _bits[word] & (ulong.MaxValue << number) : 0;
        while (rest == 0 && ++word < _bits.Length)
        {
            rest = _bits[word];
        }

        capability = default;
        if (rest == 0)
        {
            return false;
        }

        int found = (word << 6) + System.Numerics.BitOperations.TrailingZeroCount(rest);
        capability = GraphCapability.Of(found);
        number = found + 1;
        return true;
    }
}
