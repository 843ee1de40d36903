// BankTree: which banks there are, which is below which, and what each may have.
//
//   Unused ──Create──▶ Alive ──End──▶ HandingUp ──End──▶ Dying ──Remove──▶ Unused
//                        └───────────────┬─────────────────▲
//                                        └─────────────────┘
//
// Invariants: a bank's used is the frames that it owns and the used of its children. No bank is more than MaxDepth
// below the top. A bank is in the list of ending ones exactly while its state is HandingUp or Dying. A number is
// unused only when no forwarder carries it any more, so no message arrives for an earlier bank of that number.

using System;

namespace Eros.Domains.Bank;

/// <summary>Banks by number.</summary>
public sealed class BankTree(BookMemory memory)
{
    /// <summary>
    /// The system's own: the books, the bank's own program, and what nobody can use. Without holder or limit.
    /// </summary>
    public const uint Own = 0;

    /// <summary>The bank above all others.</summary>
    public const uint Prime = 1;

    /// <summary>Banks from the top to the deepest, the top included.</summary>
    public const int MaxDepth = 16;

    /// <summary>What the run of banks has room for.</summary>
    public const uint MaxBanks = ((16 << 20) - BookMemory.PageBytes) / BankRecord.SizeInBytes;

    private readonly BookMemory _memory = memory;

    /// <summary>Banks that there is room for in the books.</summary>
    public uint Room { get; set; }

    /// <summary>Whether a bank can be made of what the books have room for.</summary>
    public bool HasRoom => _memory.Header.FreeNumbers != BookMemory.None || _memory.Header.Banks < Room;

    /// <summary>Where the list of banks begins whose end has been ordered.</summary>
    public uint FirstEnding => _memory.Header.Ending;

    /// <summary>Makes a bank; <see cref="HasRoom"/> holds. The parent is None for those at the top.</summary>
    public uint Create(uint parent, ulong limit)
    {
        uint bank = _memory.Header.FreeNumbers;
        if (bank != BookMemory.None)
        {
            _memory.Header.FreeNumbers = _memory.Bank(bank).Next;
        }
        else
        {
            bank = _memory.Header.Banks++;
        }

        ref BankRecord record = ref _memory.Bank(bank);
        record = new BankRecord
        {
            FirstChild = BookMemory.None,
            Limit = limit,
            State = BankState.Alive,
            Frames = BookMemory.None,
            OpenPots = BookMemory.None,
        };
        ((Span<uint>)record.Forwarders).Fill(BookMemory.None);
        Adopt(parent, bank);
        return bank;
    }

    /// <summary>Forgets a bank that has nothing any more.</summary>
    /// <param name="keepsNumber">The number is not used again.</param>
    public void Remove(uint bank, bool keepsNumber)
    {
        ref BankRecord record = ref _memory.Bank(bank);
        Abandon(bank);
        Unlist(bank);
        record.State = BankState.Unused;
        if (!keepsNumber)
        {
            record.Next = _memory.Header.FreeNumbers;
            _memory.Header.FreeNumbers = bank;
        }
    }

    /// <summary>True when the bank serves: neither it nor one above it is being destroyed.</summary>
    public bool IsAlive(uint bank) =>
        bank < _memory.Header.Banks && _memory.Bank(bank).State == BankState.Alive && !IsBelowDying(bank);

    /// <summary>True when the bank's end has been ordered, and not only that of one above it.</summary>
    public bool IsEnding(uint bank) =>
        bank < _memory.Header.Banks
        && _memory.Bank(bank).State is BankState.Dying or BankState.HandingUp
        && !IsBelowDying(bank);

    /// <summary>Orders a bank's end. One that is dying stays so.</summary>
    public void End(uint bank, BankState state)
    {
        ref BankRecord record = ref _memory.Bank(bank);
        if (record.State == BankState.Alive)
        {
            uint next = _memory.Header.Ending;
            record.NextEnding = next;
            record.PreviousEnding = BookMemory.None;
            if (next != BookMemory.None)
            {
                _memory.Bank(next).PreviousEnding = bank;
            }

            _memory.Header.Ending = bank;
        }

        record.State = record.State == BankState.Dying ? BankState.Dying : state;
    }

    /// <summary>True when <paramref name="bank"/> is <paramref name="upper"/> or below it.</summary>
    public bool IsWithin(uint bank, uint upper)
    {
        uint at = bank;
        while (at != BookMemory.None && at != upper)
        {
            at = _memory.Bank(at).Parent;
        }

        return at == upper;
    }

    /// <summary>Whether a bank below this one would not be too deep.</summary>
    public bool CanHaveChild(uint bank)
    {
        int depth = 1;
        for (uint at = bank; at != BookMemory.None; at = _memory.Bank(at).Parent)
        {
            depth++;
        }

        return depth <= MaxDepth;
    }

    /// <summary>How many more frames the limits of the bank, and of those above it, allow.</summary>
    public ulong Available(uint bank)
    {
        ulong available = ulong.MaxValue;
        for (uint at = bank; at != BookMemory.None;)
        {
            ref BankRecord record = ref _memory.Bank(at);
            available = Math.Min(available, record.Limit > record.Used ? record.Limit - record.Used : 0);
            at = record.Parent;
        }

        return available;
    }

    /// <summary>Charges a frame, or takes the charge back, all the way up.</summary>
    public void Charge(uint bank, int frames)
    {
        for (uint at = bank; at != BookMemory.None;)
        {
            ref BankRecord record = ref _memory.Bank(at);
            record.Used = (uint)(record.Used + frames);
            at = record.Parent;
        }
    }

    /// <summary>The parent of a bank that hands up gets its first child.</summary>
    public void HandUpChild(uint bank)
    {
        ref BankRecord record = ref _memory.Bank(bank);
        uint child = record.FirstChild;
        Abandon(child);
        record.Used -= _memory.Bank(child).Used;
        Adopt(record.Parent, child);
    }

    // A dying bank voids what is below it; one that hands up does not.
    private bool IsBelowDying(uint bank)
    {
        for (uint at = _memory.Bank(bank).Parent; at != BookMemory.None; at = _memory.Bank(at).Parent)
        {
            if (_memory.Bank(at).State == BankState.Dying)
            {
                return true;
            }
        }

        return false;
    }

    private void Adopt(uint parent, uint child)
    {
        ref BankRecord record = ref _memory.Bank(child);
        record.Parent = parent;
        record.Previous = BookMemory.None;
        record.Next = BookMemory.None;
        if (parent == BookMemory.None)
        {
            return;
        }

        ref BankRecord upper = ref _memory.Bank(parent);
        record.Next = upper.FirstChild;
        if (record.Next != BookMemory.None)
        {
            _memory.Bank(record.Next).Previous = child;
        }

        upper.FirstChild = child;
    }

    private void Abandon(uint child)
    {
        BankRecord record = _memory.Bank(child);
        if (record.Next != BookMemory.None)
        {
            _memory.Bank(record.Next).Previous = record.Previous;
        }

        if (record.Previous != BookMemory.None)
        {
            _memory.Bank(record.Previous).Next = record.Next;
        }
        else
        {
            _memory.Bank(record.Parent).FirstChild = record.Next;
        }
    }

    private void Unlist(uint bank)
    {
        BankRecord record = _memory.Bank(bank);
        if (record.State == BankState.Alive)
        {
            return;
        }

        if (record.NextEnding != BookMemory.None)
        {
            _memory.Bank(record.NextEnding).PreviousEnding = record.PreviousEnding;
        }

        if (record.PreviousEnding != BookMemory.None)
        {
            _memory.Bank(record.PreviousEnding).NextEnding = record.NextEnding;
        }
        else
        {
            _memory.Header.Ending = record.NextEnding;
        }
    }
}
