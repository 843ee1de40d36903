// ValueReader: gives each value of one method its place in the message.

using System.Collections.Generic;
using Eros.Build.Generator.Model;
using Microsoft.CodeAnalysis;

namespace Eros.Build.Generator.Reading;

internal sealed class ValueReader(IMethodSymbol method, bool isOneWay, List<Problem> problems)
{
    private const int MaxWords = 3;
    private const int MaxCapabilities = 3;
    private const string ReturnedName = "__returned";

    private readonly IMethodSymbol _method = method;
    private readonly bool _isOneWay = isOneWay;
    private readonly List<Problem> _problems = problems;
    private readonly Count _in = new();
    private readonly Count _out = new();

    private sealed class Count
    {
        public int Words;
        public int Capabilities;
        public int Strings;
    }

    public MethodModel Read(uint order, int maxString)
    {
        bool returnsResult = Names.Is(_method.ReturnType, Names.Result);
        bool returnsValue = !returnsResult && !_method.ReturnsVoid;
        if (_isOneWay && !_method.ReturnsVoid)
        {
            Complain(Problems.OneWayAnswer);
        }

        ValueModel? returned = returnsValue ? Place(ReturnedName, _method.ReturnType, isOut: true, null) : null;
        List<ValueModel> parameters = [];
        IParameterSymbol? previous = null;
        foreach (IParameterSymbol parameter in _method.Parameters)
        {
            bool isOut = parameter.RefKind == RefKind.Out;
            if (_isOneWay && isOut)
            {
                Complain(Problems.OneWayAnswer);
            }

            if (Place(parameter.Name, parameter.Type, isOut, previous) is { } value)
            {
                parameters.Add(value);
            }

            previous = parameter;
        }

        if (previous is not null && IsBuffer(previous))
        {
            Complain(Problems.BufferLength);
        }

        return new MethodModel(_method.Name, order, _isOneWay, returnsResult, returned,
            new EquatableArray<ValueModel>(parameters), maxString);
    }

    private ValueModel? Place(string name, ITypeSymbol type, bool isOut, IParameterSymbol? previous)
    {
        Count count = isOut ? _out : _in;
        if (previous is not null && IsBuffer(previous))
        {
            if (!isOut || type.SpecialType != SpecialType.System_Int32)
            {
                Complain(Problems.BufferLength);
            }

            return new ValueModel(name, "int", isOut, Carrier.BufferLength, 0);
        }

        if (WordCheck(type) is { } check)
        {
            Bound(++count.Words, MaxWords, "words");
            return new ValueModel(name, Names.Qualified(type), isOut, Carrier.Word, count.Words, check);
        }

        if (Names.IsCapability(type) || Names.IsCapabilityInterface(type))
        {
            Bound(++count.Capabilities, _isOneWay ? MaxCapabilities + 1 : MaxCapabilities, "capabilities");
            return new ValueModel(name, Names.Qualified(type), isOut, Carrier.Capability, count.Capabilities - 1,
                "", Names.Client(type));
        }

        if (StringCarrier(type, isOut) is { } carrier)
        {
            count = carrier == Carrier.Buffer ? _out : count;
            Bound(++count.Strings, 1, "strings");
            return new ValueModel(name, Names.Qualified(type), isOut, carrier, 0);
        }

        Complain(Problems.TypeCannotTravel, type.ToDisplayString());
        return null;
    }

    private static bool IsBuffer(IParameterSymbol parameter) =>
        StringCarrier(parameter.Type, parameter.RefKind == RefKind.Out) == Carrier.Buffer;

    private static Carrier? StringCarrier(ITypeSymbol type, bool isOut) =>
        type.ToDisplayString() switch
        {
            "string" => Carrier.Text,
            "System.ReadOnlySpan<byte>" when !isOut => Carrier.Bytes,
            "System.Span<byte>" when !isOut => Carrier.Buffer,
            _ => null,
        };

    // Null: not a word. Otherwise the condition that a received word must meet to be a value of the type.
    private static string? WordCheck(ITypeSymbol type)
    {
        ITypeSymbol number = type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : type;
        return number.SpecialType switch
        {
            SpecialType.System_Boolean => "{0} <= 1UL",
            SpecialType.System_Byte => "{0} <= byte.MaxValue",
            SpecialType.System_UInt16 => "{0} <= ushort.MaxValue",
            SpecialType.System_UInt32 => "{0} <= uint.MaxValue",
            SpecialType.System_Int32 => "unchecked((long){0} == (int){0})",
            SpecialType.System_UInt64 or SpecialType.System_Int64 => "",
            _ => null,
        };
    }

    private void Bound(int count, int limit, string what)
    {
        if (count == limit + 1)
        {
            Complain(Problems.TooMuch, what, limit.ToString());
        }
    }

    private void Complain(string id, params string[] more) =>
        _problems.Add(Problems.At(_method, id, [_method.Name, .. more]));
}
