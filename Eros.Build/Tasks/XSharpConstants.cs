// What X# must know of C# types, as const lines: for the types that a project names in XSharpConstants items,
//
//   const Type_Field = n    offset of a field of a struct with explicit layout, in bytes
//   const Type_Name = n     an integer constant, or a member of an enum
//
// Read from the compiled assembly's metadata, so that the X# and the C# of one image cannot disagree.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Eros.Build.Tasks;

internal sealed class XSharpConstants
{
    private readonly string _assembly;
    private readonly MetadataReader _metadata;

    private XSharpConstants(string assembly, MetadataReader metadata)
    {
        _assembly = assembly;
        _metadata = metadata;
    }

    internal static void Run(Dictionary<string, string> options)
    {
        string assembly = options["assembly"];
        using PEReader image = new(File.OpenRead(assembly));
        XSharpConstants constants = new(assembly, image.GetMetadataReader());
        string[] types = options["types"].Split(';', StringSplitOptions.RemoveEmptyEntries);
        string text = string.Concat(types.SelectMany(constants.Describe).Select(line => line + "\n"));

        // An unchanged file keeps its date: nothing that includes it is assembled again.
        if (!File.Exists(options["out"]) || File.ReadAllText(options["out"]) != text)
        {
            File.WriteAllText(options["out"], text);
        }
    }

    private List<string> Describe(string name)
    {
        List<TypeDefinition> types = _metadata.TypeDefinitions
            .Select(handle => _metadata.GetTypeDefinition(handle))
            .Where(type => _metadata.GetString(type.Name) == name)
            .ToList();
        if (types.Count != 1)
        {
            string text = $"XSharpConstants names {name}, of which there are {types.Count} in {_assembly}";
            throw new BuildFailure(new Problem("EROS0011", text));
        }

        return types[0].GetFields()
            .Select(handle => _metadata.GetFieldDefinition(handle))
            .Select(field => (Name: _metadata.GetString(field.Name), Value: ValueOf(field)))
            .Where(field => field.Value is not null)
            .Select(field => $"const {name}_{field.Name} = {field.Value}")
            .ToList();
    }

    // Null for what X# cannot use: static data, text, fields placed by the compiler.
    private string? ValueOf(FieldDefinition field)
    {
        if ((field.Attributes & FieldAttributes.Literal) == 0)
        {
            int offset = field.GetOffset();
            return offset < 0 ? null : offset.ToString(CultureInfo.InvariantCulture);
        }

        Constant constant = _metadata.GetConstant(field.GetDefaultValue());
        BlobReader value = _metadata.GetBlobReader(constant.Value);
        return constant.TypeCode switch
        {
            ConstantTypeCode.Byte => value.ReadByte().ToString(CultureInfo.InvariantCulture),
            ConstantTypeCode.UInt16 => value.ReadUInt16().ToString(CultureInfo.InvariantCulture),
            ConstantTypeCode.UInt32 => value.ReadUInt32().ToString(CultureInfo.InvariantCulture),
            ConstantTypeCode.UInt64 => value.ReadUInt64().ToString(CultureInfo.InvariantCulture),
            ConstantTypeCode.Int32 => NonNegative(value.ReadInt32()),
            ConstantTypeCode.Int64 => NonNegative(value.ReadInt64()),
            _ => null,
        };
    }

    // X# has no negative literals.
    private static string? NonNegative(long value) => value < 0 ? null : value.ToString(CultureInfo.InvariantCulture);
}
