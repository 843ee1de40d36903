// BuildStamp: what a build was made of and what it made: a file of three lines, the fingerprint of the sources, that of
// the products by names, sizes and times, and the digest of their contents.
//
// The contents are looked at only when the times do not fit: a build of another configuration writes the same bytes.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace Eros.Build.Cli.Building;

/// <summary>The stamp in <paramref name="file"/>, for builds that make <paramref name="products"/>.</summary>
internal sealed class BuildStamp(string file, IReadOnlyCollection<string> products)
{
    private readonly string _file = file;
    private readonly IReadOnlyCollection<string> _products = products;

    /// <summary>True when the products were made of these sources and are still as they were.</summary>
    internal bool IsOf(string sources)
    {
        string[] lines = File.Exists(_file) ? File.ReadAllLines(_file) : [];
        if (lines.Length != 3 || lines[0] != sources)
        {
            return false;
        }

        if (lines[1] == SourceFingerprint.OfFiles(_products))
        {
            return true;
        }

        bool isSame = _products.All(File.Exists) && lines[2] == Contents();
        if (isSame)
        {
            Write(sources);
        }

        return isSame;
    }

    /// <summary>The products have just been made of these sources.</summary>
    internal void Write(string sources) =>
        File.WriteAllLines(_file, [sources, SourceFingerprint.OfFiles(_products), Contents()]);

    private string Contents()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string product in _products)
        {
            using FileStream stream = File.OpenRead(product);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
