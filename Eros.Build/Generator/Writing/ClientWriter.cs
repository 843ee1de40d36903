// ClientWriter: the stub of a capability interface. Each method fills the registers of one invocation, makes it, and
// takes the answer apart.

using System.Collections.Generic;
using System.Linq;
using Eros.Build.Generator.Model;

namespace Eros.Build.Generator.Writing;

internal static class ClientWriter
{
    private const string Runtime = "global::Eros.Domains.Runtime.";
    private const string Result = "global::Eros.Kernel.Protocol.Result";

    public static string Write(InterfaceModel model)
    {
        string name = model.Stem + "Client";
        CodeText text = new CodeText().Namespace(model.Namespace);
        text.Line($"/// <summary>{model.Name} over a capability register.</summary>");
        text.Open($"{model.Accessibility} sealed unsafe class {name} : {Runtime}CapabilityClient, {model.Name}");
        text.Line($"private static readonly {name}?[] _clients = new {name}?[{Runtime}CapabilityRegisters.Count];");
        text.Line();
        text.Line($"private {name}(int register)");
        text.Line("    : base(register)");
        text.Line("{").Line("}").Line();
        text.Line("/// <summary>The void capability.</summary>");
        text.Line($"public static {name} Void => At(0);").Line();
        text.Line("/// <summary>The capability in a register; the same object each time.</summary>");
        text.Line($"public static new {name} At(int register) => _clients[register] ??= new {name}(register);").Line();
        text.Line("/// <summary>A capability of any type, taken as this one.</summary>");
        text.Line($"public static {name} Of({Runtime}ICapability capability) => At(RegisterOf(capability));");
        foreach (MethodModel method in model.Methods)
        {
            text.Line();
            WriteMethod(text, method);
        }

        return text.Close().ToString();
    }

    private static void WriteMethod(CodeText text, MethodModel method)
    {
        if (IsOfWords(method))
        {
            WriteCallOfWords(text, method);
            return;
        }

        OpenMethod(text, method);
        text.Line($"{Runtime}MessageRegisters __message = default;");
        text.Line($"__message.Order = {method.Order}U;");
        foreach (ValueModel value in method.Parameters.Where(value => !value.IsOut))
        {
            WriteArgument(text, value);
        }

        ValueModel[] answers = Answers(method);
        WriteRegisters(text, answers);
        if (answers.Any(value => value.Carrier == Carrier.Text))
        {
            text.Line($"__message.ExpectText({method.MaxString});");
        }

        WriteInvocation(text, method, answers);
        foreach (ValueModel value in answers)
        {
            WriteAnswer(text, value);
        }

        WriteReturn(text, method, "__message.Order", "__message.Demand();");
        text.Close();
    }

    private static void OpenMethod(CodeText text, MethodModel method)
    {
        string parameters = string.Join(", ", method.Parameters.Select(Parameter));
        text.Open($"public {ReturnType(method)} {method.Name}({parameters})");
    }

    private static void WriteRegisters(CodeText text, ValueModel[] answers)
    {
        foreach (ValueModel value in answers.Where(value => value.Carrier == Carrier.Capability))
        {
            text.Line($"int __register{value.Index} = {Runtime}CapabilityRegisters.Current.Allocate();");
        }
    }

    /// <summary>A call that has no string in either direction: its words go from register to register.</summary>
    private static bool IsOfWords(MethodModel method) => !method.IsOneWay
        && method.Parameters.Concat(Answers(method)).All(value => value.Carrier is Carrier.Word or Carrier.Capability);

    private static void WriteCallOfWords(CodeText text, MethodModel method)
    {
        text.Line("[global::System.Runtime.CompilerServices.SkipLocalsInit]");
        OpenMethod(text, method);
        ValueModel[] answers = Answers(method);
        WriteRegisters(text, answers);
        string[] words = ["0UL", "0UL", "0UL"];
        foreach (ValueModel value in method.Parameters.Where(value => !value.IsOut && value.Carrier == Carrier.Word))
        {
            words[value.Index - 1] = ToWord(value.Type, value.Name);
        }

        string kind = "global::Eros.Kernel.Protocol.InvocationKind.Call";
        string control = $"new global::Eros.Kernel.Protocol.InvocationWord({kind}, Register, {Sent(method)},"
            + $" {Received(answers)}).Value";
        text.Line($"{Runtime}AnswerWords __message;");
        text.Line($"uint __result = {Runtime}SystemCall.Call(");
        text.Line($"    {method.Order}U, {words[0]}, {words[1]}, {control}, {words[2]}, &__message);");
        foreach (ValueModel value in answers)
        {
            WriteAnswer(text, value);
        }

        WriteReturn(text, method, "__result", $"{Runtime}MessageRegisters.Demand(__result);");
        text.Close();
    }

    private static void WriteArgument(CodeText text, ValueModel value)
    {
        switch (value.Carrier)
        {
            case Carrier.Word:
                text.Line($"__message.Word{value.Index} = {ToWord(value.Type, value.Name)};");
                break;
            case Carrier.Text:
                text.Line($"__message.SendText({value.Name});");
                break;
        }
    }

    // Spans are pinned around the invocation itself.
    private static void WriteInvocation(CodeText text, MethodModel method, ValueModel[] answers)
    {
        ValueModel? bytes = method.Parameters.FirstOrDefault(value => value.Carrier == Carrier.Bytes);
        ValueModel? buffer = method.Parameters.FirstOrDefault(value => value.Carrier == Carrier.Buffer);
        if (bytes is not null)
        {
            text.Open($"fixed (byte* __sent = {bytes.Name})");
            text.Line($"__message.SendBytes(__sent, {bytes.Name}.Length);");
        }

        if (buffer is not null)
        {
            text.Open($"fixed (byte* __stored = {buffer.Name})");
            text.Line($"__message.ExpectBytes(__stored, {buffer.Name}.Length);");
        }

        text.Line(method.IsOneWay
            ? $"__message.Send(Register, {Sent(method)});"
            : $"__message.Call(Register, {Sent(method)}, {Received(answers)});");
        if (buffer is not null)
        {
            text.Close();
        }

        if (bytes is not null)
        {
            text.Close();
        }
    }

    private static void WriteAnswer(CodeText text, ValueModel value)
    {
        string assigned = value.IsOut && value.Name == "__returned" ? $"{value.Type} __returned" : value.Name;
        switch (value.Carrier)
        {
            case Carrier.Word:
                text.Line($"{assigned} = {FromWord(value.Type, $"__message.Word{value.Index}")};");
                break;
            case Carrier.Capability:
                text.Line($"{assigned} = {value.Client}.At(__register{value.Index});");
                break;
            case Carrier.Text:
                text.Line($"{assigned} = __message.ReceivedText;");
                break;
            case Carrier.BufferLength:
                text.Line($"{assigned} = __message.StoredBytes;");
                break;
        }
    }

    private static void WriteReturn(CodeText text, MethodModel method, string result, string demand)
    {
        if (method.ReturnsResult)
        {
            text.Line($"return ({Result}){result};");
        }
        else if (!method.IsOneWay)
        {
            text.Line(demand);
            if (method.Returned is not null)
            {
                text.Line("return __returned;");
            }
        }
    }

    /// <summary>What comes back, in the order of its numbering.</summary>
    public static ValueModel[] Answers(MethodModel method) =>
    [
        .. method.Returned is null ? [] : new[] { method.Returned },
        .. method.Parameters.Where(value => value.IsOut),
    ];

    public static string ReturnType(MethodModel method) =>
        method.ReturnsResult ? Result : method.Returned?.Type ?? "void";

    public static string Parameter(ValueModel value) => (value.IsOut ? "out " : "") + value.Type + " " + value.Name;

    public static string ToWord(string type, string value) =>
        type == "bool" ? $"{value} ? 1UL : 0UL" : $"unchecked((ulong){value})";

    public static string FromWord(string type, string word) =>
        type == "bool" ? $"{word} != 0" : $"unchecked(({type}){word})";

    private static string Sent(MethodModel method) => Registers(method.Parameters
        .Where(value => !value.IsOut && value.Carrier == Carrier.Capability)
        .Select(value => $"RegisterOf({value.Name})"));

    private static string Received(ValueModel[] answers) => Registers(answers
        .Where(value => value.Carrier == Carrier.Capability)
        .Select(value => $"__register{value.Index}"));

    private static string Registers(IEnumerable<string> registers)
    {
        string list = string.Join(", ", registers);
        return list.Length == 0 ? "0U" : $"global::Eros.Kernel.Protocol.InvocationWord.Registers({list})";
    }
}
