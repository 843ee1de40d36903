// BankModel: what banks should do, in plain dictionaries. It knows nothing of extents, lists or entries: where a new
// object lies, it is told; that the place was free, and a node's pot the same bank's, it checks.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Domains.Bank;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;

namespace Eros.Tests.Unit.Domains;

/// <summary>A bank as its clients know it.</summary>
internal sealed class ModelBank(ModelBank? parent, ulong limit)
{
    public ModelBank? Parent { get; set; } = parent;

    public ulong Limit { get; set; } = limit;

    /// <summary>Frames of this bank and of those below it.</summary>
    public ulong Used { get; set; }

    public HashSet<ModelBank> Children { get; } = [];

    /// <summary>By rights.</summary>
    public BankCapability[] Capabilities { get; } = new BankCapability[BankForwarders.Count];

    /// <summary>What was bought of it, by place.</summary>
    public Dictionary<uint, BankCapability> Things { get; } = [];

    /// <summary>Nodes sold in each of its pots, those of its children's forwarders included.</summary>
    public Dictionary<uint, int> Pots { get; } = [];

    public HashSet<uint> OpenPots { get; } = [];

    public int Depth => Parent is null ? 1 : Parent.Depth + 1;

    public IEnumerable<ModelBank> Upwards
    {
        get
        {
            for (ModelBank? bank = this; bank is not null; bank = bank.Parent)
            {
                yield return bank;
            }
        }
    }

    public ulong Available => Upwards.Min(bank => bank.Limit > bank.Used ? bank.Limit - bank.Used : 0);

    /// <summary>True when one more node can be had, be it without another frame.</summary>
    public bool CanHaveNode => OpenPots.Count > 0 || Available > 0;

    public void AddNode(uint frame)
    {
        bool hasOpenPot = OpenPots.Count > 0;
        BankModel.Demand(OpenPots.Contains(frame) == hasOpenPot, "nodes come out of pots that have one");
        if (!hasOpenPot)
        {
            Charge(1);
        }

        Count(frame, Pots.GetValueOrDefault(frame) + 1);
    }

    public void RemoveNode(uint frame)
    {
        Count(frame, Pots[frame] - 1);
        if (!Pots.ContainsKey(frame))
        {
            Charge(-1);
        }
    }

    public void Charge(long frames)
    {
        foreach (ModelBank bank in Upwards)
        {
            bank.Used = (ulong)((long)bank.Used + frames);
        }
    }

    public void Count(uint frame, int nodes)
    {
        Pots[frame] = nodes;
        if (nodes == 0)
        {
            Pots.Remove(frame);
        }

        if (nodes is > 0 and < Books.NodesPerPot)
        {
            OpenPots.Add(frame);
        }
        else
        {
            OpenPots.Remove(frame);
        }
    }
}

/// <summary>All banks, and what was bought of them.</summary>
internal sealed class BankModel
{
    private readonly List<ModelBank> _banks = [];
    private readonly List<(ModelBank Bank, uint Place)> _things = [];
    private readonly Dictionary<uint, int> _indexes = [];

    public BankModel(ulong frames)
    {
        Prime = new ModelBank(null, frames);
        Prime.Capabilities[0] = BankMachine.Prime;
        _banks.Add(Prime);
    }

    public ModelBank Prime { get; }

    public IReadOnlyList<ModelBank> Banks => _banks;

    /// <summary>Every object that was bought.</summary>
    public IReadOnlyList<(ModelBank Bank, uint Place)> Things => _things;

    public static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException("the bank and the model differ: " + what);
        }
    }

    public void Bought(ModelBank bank, uint kind, BankCapability thing)
    {
        Demand(!_indexes.ContainsKey(thing.Place), "what is sold was nobody's");
        Add(bank, thing);
        if (IsNode(kind))
        {
            bank.AddNode(thing.Frame);
        }
        else
        {
            bank.Charge(1);
        }
    }

    public void Freed(ModelBank bank, uint place, bool isNode)
    {
        uint frame = bank.Things[place].Frame;
        Remove(bank, place);
        if (isNode)
        {
            bank.RemoveNode(frame);
        }
        else
        {
            bank.Charge(-1);
        }
    }

    public ModelBank Created(ModelBank parent, ulong limit, BankCapability capability)
    {
        ModelBank child = new(parent, limit);
        child.Capabilities[0] = capability;
        parent.Children.Add(child);
        parent.AddNode(capability.Frame);
        _banks.Add(child);
        return child;
    }

    public void Destroyed(ModelBank bank)
    {
        foreach (ModelBank child in bank.Children.ToList())
        {
            Destroyed(child);
        }

        bank.Charge(-(long)bank.Used);
        bank.Things.Keys.ToList().ForEach(place => Remove(bank, place));
        Forget(bank);
    }

    public void HandedUp(ModelBank bank)
    {
        ModelBank parent = bank.Parent!;
        foreach ((uint place, BankCapability thing) in bank.Things.ToList())
        {
            Remove(bank, place);
            Add(parent, thing);
        }

        foreach ((uint frame, int nodes) in bank.Pots)
        {
            parent.Count(frame, nodes);
        }

        foreach (ModelBank child in bank.Children)
        {
            child.Parent = parent;
            parent.Children.Add(child);
        }

        Forget(bank);
    }

    public static bool IsNode(uint kind) => kind is not (RangeKind.Page or RangeKind.Process);

    private void Forget(ModelBank bank)
    {
        foreach (BankCapability capability in bank.Capabilities.Where(capability => capability != default))
        {
            bank.Parent!.RemoveNode(capability.Frame);
        }

        bank.Parent!.Children.Remove(bank);
        _banks.Remove(bank);
    }

    private void Add(ModelBank bank, BankCapability thing)
    {
        bank.Things.Add(thing.Place, thing);
        _indexes[thing.Place] = _things.Count;
        _things.Add((bank, thing.Place));
    }

    private void Remove(ModelBank bank, uint place)
    {
        bank.Things.Remove(place);
        _indexes.Remove(place, out int index);
        (ModelBank Bank, uint Place) last = _things[^1];
        _things.RemoveAt(_things.Count - 1);
        if (last.Place != place)
        {
            _things[index] = last;
            _indexes[last.Place] = index;
        }
    }
}
