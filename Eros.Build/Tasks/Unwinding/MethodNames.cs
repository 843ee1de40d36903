// MethodNames: what symbols of ILC's are called in C#. A symbol is the assembly, the namespace and the type, each
// character that is neither letter nor digit replaced by an underscore, then two underscores and the method the same
// way; type arguments stand in angle brackets; overloads have a number behind them.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Mono.Cecil;

namespace Eros.Build.Tasks.Unwinding;

internal sealed class MethodNames : IDisposable
{
    private const string CoreLibrary = "Eros.CoreLib";
    private const string Hidden = "StackTraceHiddenAttribute";

    private readonly List<AssemblyDefinition> _assemblies = [];
    private readonly Dictionary<string, TypeDefinition> _types = new(StringComparer.Ordinal);

    internal MethodNames(IEnumerable<string> assemblies)
    {
        foreach (string file in assemblies.Where(File.Exists))
        {
            AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(file);
            _assemblies.Add(assembly);
            foreach (TypeDefinition type in assembly.MainModule.GetTypes())
            {
                string name = Mangled(type);
                _types.TryAdd(Mangled(assembly.Name.Name) + "_" + name, type);
                if (assembly.Name.Name == CoreLibrary && type.Namespace == "System")
                {
                    // The compiler's own names of what it knows by itself.
                    _types.TryAdd(Mangled(type.Name), type);
                }
            }
        }
    }

    /// <summary>The type and the method of a function's symbol; null for what no source says.</summary>
    internal (string Type, string Method)? Find(string symbol)
    {
        for (int at = symbol.IndexOf("__", StringComparison.Ordinal); at > 0; at = NextSplit(symbol, at))
        {
            string prefix = symbol[..at];
            int arguments = prefix.IndexOf('<', StringComparison.Ordinal);
            if (_types.TryGetValue(arguments < 0 ? prefix : prefix[..arguments], out TypeDefinition? type))
            {
                string method = symbol[(at + 2)..];
                int own = method.IndexOf('<', StringComparison.Ordinal);
                return (NameOf(type), MethodOf(type, own < 0 ? method : method[..own]));
            }
        }

        return null;
    }

    /// <summary>The type of a MethodTable's symbol without its prefix; null for what no source says.</summary>
    internal string? FindType(string symbol)
    {
        int arguments = symbol.IndexOf('<', StringComparison.Ordinal);
        string plain = arguments < 0 ? symbol : symbol[..arguments];
        return _types.TryGetValue(plain, out TypeDefinition? type) ? NameOf(type) : null;
    }

    /// <summary>True when traces leave the method out.</summary>
    internal bool IsHidden((string Type, string Method) name) =>
        _types.Values.Any(type => NameOf(type) == name.Type && (HasHidden(type.CustomAttributes)
            || type.Methods.Any(method => method.Name == name.Method && HasHidden(method.CustomAttributes))));

    public void Dispose() => _assemblies.ForEach(assembly => assembly.Dispose());

    private static bool HasHidden(IEnumerable<CustomAttribute> attributes) =>
        attributes.Any(attribute => attribute.AttributeType.Name == Hidden);

    // "__" may be part of a name: the one before "__" decides, the others are tried from left to right.
    private static int NextSplit(string symbol, int at) => symbol.IndexOf("__", at + 1, StringComparison.Ordinal);

    private static string MethodOf(TypeDefinition type, string mangled)
    {
        string? exact = type.Methods.FirstOrDefault(method => Mangled(method.Name) == mangled)?.Name;
        int number = mangled.LastIndexOf('_');
        return exact
            ?? (number > 0
                ? type.Methods.FirstOrDefault(method => Mangled(method.Name) == mangled[..number])?.Name
                : null)
            ?? mangled;
    }

    private static string NameOf(TypeDefinition type)
    {
        string name = type.Name.Split('`')[0];
        return type.DeclaringType is { } outer ? NameOf(outer) + "." + name
            : type.Namespace.Length == 0 ? name : type.Namespace + "." + name;
    }

    private static string Mangled(TypeDefinition type) => type.DeclaringType is { } outer
        ? Mangled(outer) + "_" + Mangled(type.Name)
        : Mangled(type.Namespace.Length == 0 ? type.Name : type.Namespace + "." + type.Name);

    private static string Mangled(string name)
    {
        StringBuilder mangled = new(name.Length);
        foreach (char c in name)
        {
            mangled.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        return mangled.ToString();
    }
}
