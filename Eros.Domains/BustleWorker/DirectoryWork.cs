using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.BustleWorker;

/// <summary>Changes a directory, and has a list beside it of what must be in there.</summary>
internal sealed class DirectoryWork(ISpaceBank bank, IDirectory directory) : Bustling
{
    private const uint Things = 16;
    private const ulong LookAtAll = 16;

    private readonly ISpaceBank _bank = bank;
    private readonly IDirectory _directory = directory;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, uint> _things = [];
    private INode _pages = NodeClient.Void;

    protected override void Begin()
    {
        Succeed(_bank.BuyNode(out _pages));
        Span<byte> content = stackalloc byte[sizeof(uint)];
        for (uint i = 0; i < Things; i++)
        {
            Succeed(_bank.BuyPage(out IPage page));
            BinaryPrimitives.WriteUInt32LittleEndian(content, i);
            page.Write(0, content);
            _pages.Put(i, page);
            Capabilities.Release(page);
        }
    }

    protected override void Round()
    {
        string name = $"name {Dice.Below(2 * Things)}";
        switch (Dice.Below(3))
        {
            case 0:
                Link(name, Dice.Below(Things));
                break;
            case 1:
                Unlink(name);
                break;
            default:
                Lookup(name);
                break;
        }

        Ledger.Done = (ulong)_names.Count;
        if (Ledger.Rounds % LookAtAll == 0)
        {
            CompareNames();
        }
    }

    private void Link(string name, uint thing)
    {
        Ledger.Enter(BustleStep.Link);
        _pages.Fetch(thing, out ICapability page);
        Result result = _directory.Link(name, page);
        Capabilities.Release(page);
        bool isNew = _things.TryAdd(name, thing);
        Ledger.Demand(result == (isNew ? Result.Ok : DirectoryResult.Exists), Claim.NamesAreKnown);
        if (isNew)
        {
            _names.Add(name);
        }
    }

    private void Unlink(string name)
    {
        Ledger.Enter(BustleStep.Unlink);
        Result result = _directory.Unlink(name);
        bool wasThere = _things.Remove(name);
        Ledger.Demand(result == (wasThere ? Result.Ok : DirectoryResult.NotFound), Claim.NamesAreKnown);
        _names.Remove(name);
    }

    private void Lookup(string name)
    {
        Ledger.Enter(BustleStep.Lookup);
        Result result = _directory.Lookup(name, out ICapability found);
        if (_things.TryGetValue(name, out uint thing))
        {
            Span<byte> content = stackalloc byte[sizeof(uint)];
            PageClient.Of(found).Read(0, sizeof(uint), content, out _);
            bool isRight = BinaryPrimitives.ReadUInt32LittleEndian(content) == thing;
            Ledger.Demand(result == Result.Ok && isRight, Claim.NamesAreKnown);
        }
        else
        {
            Ledger.Demand(result == DirectoryResult.NotFound, Claim.NamesAreKnown);
        }

        Capabilities.Release(found);
    }

    private void CompareNames()
    {
        Ledger.Enter(BustleStep.Lookup);
        for (int i = 0; i < _names.Count; i++)
        {
            Result result = _directory.NameAt((uint)i, out string name);
            Ledger.Demand(result == Result.Ok && name == _names[i], Claim.NamesAreInOrder);
        }

        bool isAll = _directory.NameAt((uint)_names.Count, out _) == DirectoryResult.NotFound;
        Ledger.Demand(isAll, Claim.NamesAreInOrder);
    }
}
