// ServerWriter: the dispatcher of a capability interface. Each order has a method that checks what arrived, calls the
// server, and puts together the answer; and one that gives a deferred answer later.

using System.Collections.Generic;
using System.Linq;
using Eros.Build.Generator.Model;

namespace Eros.Build.Generator.Writing;

internal static class ServerWriter
{
    private const string Runtime = "global::Eros.Domains.Runtime.";
    private const string Result = "global::Eros.Kernel.Protocol.Result";

    public static string Write(InterfaceModel model)
    {
        CodeText text = new CodeText().Namespace(model.Namespace);
        text.Line($"/// <summary>Messages to whoever implements {model.Name}.</summary>");
        text.Open($"{model.Accessibility} static class {model.Stem}Server");
        int taken = model.Methods.SelectMany(method => method.Parameters)
            .Where(value => !value.IsOut && value.Carrier == Carrier.Capability)
            .Select(value => value.Index + 1).DefaultIfEmpty(0).Max();
        text.Line("/// <summary>The most capabilities that a request brings.</summary>");
        text.Line($"public const int TakenCapabilities = {taken};").Line();
        WriteDispatch(text, model);
        foreach (MethodModel method in model.Methods)
        {
            text.Line();
            WriteOrder(text, model, method);
            if (!method.IsOneWay)
            {
                text.Line();
                WriteDeferred(text, method);
            }
        }

        return text.Close().ToString();
    }

    private static void WriteDispatch(CodeText text, InterfaceModel model)
    {
        text.Line("/// <summary>Has the server obey the message; an unknown order is refused.</summary>");
        text.Open($"public static void Dispatch({model.Name} __server, {Runtime}Message __message)");
        text.Open("switch (__message.Order)");
        foreach (MethodModel method in model.Methods)
        {
            text.Line($"case {method.Order}U:").Line($"    Obey{method.Name}(__server, __message);").Line("    break;");
        }

        text.Line("default:").Line($"    __message.Refuse({Result}.UnknownOrder);").Line("    break;");
        text.Close().Close();
    }

    private static void WriteOrder(CodeText text, InterfaceModel model, MethodModel method)
    {
        text.Open($"private static void Obey{method.Name}({model.Name} __server, {Runtime}Message __message)");
        string checks = string.Join(" && ", Checks(method));
        if (checks.Length > 0)
        {
            text.Open($"if (!({checks}))").Line($"__message.Refuse({Result}.BadArgument);").Line("return;");
            text.Close().Line();
        }

        string arguments = string.Join(", ", method.Parameters.Select(value => Argument(value, method)));
        string call = $"__server.{method.Name}({arguments})";
        ValueModel[] answers = ClientWriter.Answers(method);
        ValueModel[] capabilities = [.. answers.Where(value => value.Carrier == Carrier.Capability)];
        bool mayRefuse = method.ReturnsResult && capabilities.Length > 0;
        if (method.ReturnsResult)
        {
            text.Line(mayRefuse ? $"{Result} __result = {call};" : $"__message.Result = {call};");
        }
        else
        {
            text.Line(method.Returned is null ? call + ";" : $"{method.Returned.Type} __returned = {call};");
        }

        foreach (ValueModel value in answers.Except(capabilities))
        {
            WriteAnswer(text, value, method.MaxString);
        }

        WriteCapabilities(text, capabilities, mayRefuse);
        text.Close();
    }

    // What is refused brings no capability: where one should have arrived may still be one that was somebody else's.
    private static void WriteCapabilities(CodeText text, ValueModel[] capabilities, bool mayRefuse)
    {
        if (mayRefuse)
        {
            text.Line("__message.Result = __result;").Open($"if (__result == {Result}.Ok)");
        }

        foreach (ValueModel value in capabilities)
        {
            text.Line($"__message.ReplyCapability({value.Index}, {value.Name});");
        }

        if (mayRefuse)
        {
            text.Close();
        }
    }

    private static IEnumerable<string> Checks(MethodModel method)
    {
        foreach (ValueModel value in method.Parameters.Where(value => !value.IsOut))
        {
            if (value.Check.Length > 0)
            {
                yield return string.Format(value.Check, $"__message.Word{value.Index}");
            }

            if (value.Carrier is Carrier.Text or Carrier.Bytes)
            {
                yield return "!__message.IsTruncated";
            }
        }
    }

    private static string Argument(ValueModel value, MethodModel method)
    {
        if (value.IsOut)
        {
            return $"out {value.Type} {value.Name}";
        }

        return value.Carrier switch
        {
            Carrier.Word => ClientWriter.FromWord(value.Type, $"__message.Word{value.Index}"),
            Carrier.Capability => $"{value.Client}.At(__message.Argument({value.Index}))",
            Carrier.Text => "__message.Text",
            Carrier.Bytes => "__message.Bytes",
            _ => $"__message.ReplyBuffer({method.MaxString})",
        };
    }

    private static void WriteAnswer(CodeText text, ValueModel value, int maxString)
    {
        switch (value.Carrier)
        {
            case Carrier.Word:
                text.Line($"__message.ReplyWord{value.Index} = {ClientWriter.ToWord(value.Type, value.Name)};");
                break;
            case Carrier.Text:
                text.Line($"__message.ReplyText({value.Name}, {maxString});");
                break;
            case Carrier.BufferLength:
                text.Line($"__message.ReplyLength({value.Name});");
                break;
        }
    }

    private static void WriteDeferred(CodeText text, MethodModel method)
    {
        ValueModel[] answers = ClientWriter.Answers(method);
        bool hasBuffer = answers.Any(value => value.Carrier == Carrier.BufferLength);
        IEnumerable<string> parameters = answers
            .Select(value => value.Carrier == Carrier.BufferLength
                ? "global::System.ReadOnlySpan<byte> __bytes"
                : value.Type + " " + value.Name);
        string[] first = [$"{Runtime}DeferredReply __reply", $"{Result} __result"];
        string list = string.Join(", ", first.Concat(parameters));
        text.Line($"/// <summary>Answers a {method.Name} that was deferred.</summary>");
        text.Open($"public static unsafe void Reply{method.Name}({list})");
        text.Line($"{Runtime}MessageRegisters __message = default;");
        text.Line("__message.Order = (uint)__result;");
        foreach (ValueModel value in answers)
        {
            if (value.Carrier == Carrier.Word)
            {
                text.Line($"__message.Word{value.Index} = {ClientWriter.ToWord(value.Type, value.Name)};");
            }
            else if (value.Carrier == Carrier.Text)
            {
                text.Line($"__message.SendText({value.Name});");
            }
        }

        string sends = string.Join(", ", answers.Where(value => value.Carrier == Carrier.Capability)
            .Select(value => $"{Runtime}CapabilityClient.RegisterOf({value.Name})"));
        const string Registers = "global::Eros.Kernel.Protocol.InvocationWord.Registers";
        sends = sends.Length == 0 ? "0U" : $"__result == {Result}.Ok ? {Registers}({sends}) : 0U";
        if (hasBuffer)
        {
            text.Open("fixed (byte* __sent = __bytes)").Line("__message.SendBytes(__sent, __bytes.Length);");
        }

        text.Line($"__reply.Give(ref __message, {sends});");
        if (hasBuffer)
        {
            text.Close();
        }

        text.Close();
    }
}
