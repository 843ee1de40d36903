// DirectoryDomain: one directory, made by a constructor out of its owner's storage.
//
// Invariant: a number of the store is in exactly one of _numbers and _free, or was never given.

using System.Collections.Generic;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Naming;

/// <summary>Facets: for who may change it; for who may only read it.</summary>
[Domain]
public sealed partial class DirectoryDomain : Domain, IDirectory, IDirectoryReader
{
    private const int ReaderFacet = 1;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _names = [];
    private readonly Stack<int> _free = new();
    private CapabilityStore? _store;
    private int _count;

    /// <summary>This very process: it makes the facet for readers.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <inheritdoc/>
    public Result Lookup(string name, out ICapability thing)
    {
        thing = CapabilityClient.At(0);
        return _numbers.TryGetValue(name, out int number)
            ? _store!.Get(number, out thing)
            : DirectoryResult.NotFound;
    }

    /// <inheritdoc/>
    public Result NameAt(uint index, out string name)
    {
        bool isThere = index < (uint)_names.Count;
        name = isThere ? _names[(int)index] : "";
        return isThere ? Result.Ok : DirectoryResult.NotFound;
    }

    /// <inheritdoc/>
    public Result Link(string name, ICapability thing)
    {
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > DirectoryResult.MaxName)
        {
            return Result.BadArgument;
        }

        if (_numbers.ContainsKey(name))
        {
            return DirectoryResult.Exists;
        }

        Result result = OpenStore();
        int number = _free.Count > 0 ? _free.Peek() : _count;
        result = result == Result.Ok ? _store!.Put(number, thing) : result;
        if (result != Result.Ok)
        {
            return result;
        }

        _ = _free.Count > 0 ? _free.Pop() : _count++;
        _numbers.Add(name, number);
        _names.Add(name);
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Unlink(string name)
    {
        if (!_numbers.Remove(name, out int number))
        {
            return DirectoryResult.NotFound;
        }

        _names.Remove(name);
        _free.Push(number);
        return _store!.Put(number, CapabilityClient.At(0));
    }

    /// <inheritdoc/>
    public Result Reader(out IDirectoryReader reader)
    {
        Result result = Self.MakeStart(Message.Payload(ReaderFacet, 0), out ICapability start);
        reader = DirectoryReaderClient.Of(start);
        return result;
    }

    private Result OpenStore()
    {
        if (_store is not null)
        {
            return Result.Ok;
        }

        ISpaceBank bank = SpaceBankClient.At(CapabilityRegisters.Bank);
        Result result = bank.BuyNode(out INode root);
        if (result == Result.Ok)
        {
            Capabilities.Keep(root);
            _store = new CapabilityStore(root, bank);
        }

        return result;
    }
}
