// Directory: names and, in the same order, capabilities: a page of 32 entries of 64 bytes (UTF-8, zeros behind) and a
// node.

using System;
using System.Text;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Looks capabilities up by name. Whoever holds node and page decides what is in it.</summary>
public sealed class Directory(IPage names, INode node)
{
    /// <summary>Bytes of an entry's name.</summary>
    public const int NameBytes = 64;

    /// <summary>Names that a directory holds.</summary>
    public const int Limit = 32;

    private readonly IPage _names = names;
    private readonly INode _node = node;
    private readonly byte[] _name = new byte[NameBytes];

    /// <summary>The name of an entry, empty where there is none.</summary>
    public string NameOf(int entry)
    {
        Result result = _names.Read((ulong)entry * NameBytes, NameBytes, _name, out int stored);
        ReadOnlySpan<byte> name = _name.AsSpan(0, result == Result.Ok ? stored : 0);
        int length = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(length < 0 ? name : name[..length]);
    }

    /// <summary>Finds a capability; release it when it is not needed any more.</summary>
    public bool TryFind(string name, out ICapability capability)
    {
        for (int entry = 0; entry < Limit; entry++)
        {
            if (name.Length > 0 && NameOf(entry) == name)
            {
                return _node.Fetch((uint)entry, out capability) == Result.Ok;
            }
        }

        capability = CapabilityClient.At(0);
        return false;
    }
}
