using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A call failed whose method has no result to say so.</summary>
public sealed class InvocationException(Result result) : Exception(Text(result))
{
    public Result Result { get; } = result;

    private static string Text(Result result) => "a call failed: " + ResultText.Of(result);
}
