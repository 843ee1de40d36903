using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fuzz.Model;
using Eros.Tests.Fuzz.Model.Types;
using Eros.Tests.Fuzz.Steps;

namespace Eros.Tests.Fuzz;

/// <summary>How often each order of each type came to which end.</summary>
public sealed class Coverage
{
    private const int Results = 16;
    private const int CrowdResults = 12;
    private const int Delivered = 12;
    private const int Silent = 13;
    private const int Stalled = 14;
    private const int Other = 15;

    /// <summary>Stands for all numbers that are no type.</summary>
    private const CapabilityType NoType = (CapabilityType)255;

    private static readonly string[] _columns =
    [
        "ok", "void", "unknown", "bad-arg", "no-access", "restarted", "limit", "bad-obj", "not-dur", "busy", "cancel",
        "own", "delivered", "silent", "stalled", "other",
    ];

    private readonly Dictionary<(CapabilityType Type, ulong Order), long[]> _counts = [];

    private readonly long[] _steps = new long[Enum.GetValues<StepKind>().Length];

    /// <summary>What kinds of steps there were, in a line.</summary>
    public string Steps =>
        string.Join(", ", Enum.GetValues<StepKind>().Select(kind => $"{_steps[(int)kind]} {kind}").Prepend("steps"));

    internal void Add(StepKind kind) => _steps[(int)kind]++;

    internal void Add(Ask ask)
    {
        CapabilityType type = ask.Invoked.Type <= CapabilityType.ReserveGrant ? ask.Invoked.Type : NoType;
        (CapabilityType Type, ulong Order) key = (type, Named(type, ask.Sent.Order));
        if (!_counts.TryGetValue(key, out long[]? counts))
        {
            _counts.Add(key, counts = new long[Results]);
        }

        counts[ask.Ending switch
        {
            Ending.Answered => Column((uint)ask.Reply.Order),
            Ending.Delivered => Delivered,
            Ending.Silent => Silent,
            Ending.Stalled => Stalled,
            _ => Other,
        }]++;
    }

    public void Add(Coverage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i] += other._steps[i];
        }

        foreach (((CapabilityType Type, ulong Order) key, long[] counts) in other._counts)
        {
            if (!_counts.TryGetValue(key, out long[]? own))
            {
                _counts.Add(key, own = new long[Results]);
            }

            for (int i = 0; i < Results; i++)
            {
                own[i] += counts[i];
            }
        }
    }

    /// <summary>Orders that have come to no end that is not a refusal, and types that were never invoked.</summary>
    public IEnumerable<string> Missing() =>
        from model in TypeModel.All
        from order in WordMaker.OrdersOf(model).Select(one => (ulong)one).DefaultIfEmpty(ulong.MaxValue)
        let counts = _counts.GetValueOrDefault((model.Type, order))
        where counts == null || (model.Orders != null && IsRefusedOnly(counts))
        select Name(model.Type, order);

    /// <summary>Orders that no model knows yet.</summary>
    public static IEnumerable<string> Unmodelled() =>
        TypeModel.All.SelectMany(model => model.Unmodelled.Select(order => Name(model.Type, order)));

    /// <summary>A line for each type and order.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{"",-32}").AppendJoin("", _columns.Select(column => $"{column,10}")).Append('\n');
        foreach (((CapabilityType Type, ulong Order) key, long[] counts) in _counts.OrderBy(one => one.Key))
        {
            text.Append($"{Name(key.Type, key.Order),-32}")
                .AppendJoin("", counts.Select(count => count == 0 ? $"{"",10}" : $"{count,10}"))
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same for counts of a crowd in a machine, which numbers all orders behind the 16th as two, and knows
    /// of some capabilities only that they have come to it.</summary>
    public static string TableOf(IReadOnlyDictionary<(int Type, int Order, int Result), long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        const int SmallOrders = 16;
        var text = new StringBuilder();
        text.Append($"{"",-32}")
            .AppendJoin("", _columns.Take(CrowdResults).Select(column => $"{column,10}"))
            .Append('\n');
        foreach (var row in counts.GroupBy(one => (one.Key.Type, one.Key.Order)).OrderBy(one => one.Key))
        {
            ulong order = row.Key.Order == SmallOrders ? CommonOrder.TypeOf : (ulong)row.Key.Order;
            bool isKnown = row.Key.Type <= (int)CapabilityType.ProcessTool;
            string name = isKnown ? Name((CapabilityType)row.Key.Type, order) : $"what came.{row.Key.Order}";
            text.Append($"{name,-32}");
            for (int result = 0; result < CrowdResults; result++)
            {
                long count = row.Where(one => one.Key.Result == result).Sum(one => one.Value);
                text.Append(count == 0 ? $"{"",10}" : $"{count,10}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    internal static string Name(CapabilityType type, ulong order)
    {
        TypeModel model = TypeModel.Of(type);
        string? name = model.Orders?.GetFields()
            .FirstOrDefault(field => (uint)field.GetRawConstantValue()! == order)?.Name;
        return $"{type}.{name ?? (order == CommonOrder.TypeOf ? "TypeOf" : "*")}";
    }

    private static bool IsRefusedOnly(long[] counts) =>
        counts[0] + counts[Column(1)] + counts[Delivered] + counts[Silent] + counts[Stalled] + counts[Other] == 0;

    private static int Column(uint result)
    {
        const int First = unchecked((int)(uint)Result.FirstCommon);
        int known = unchecked((int)result - First);
        return result == 0 ? 0 : known is > 0 and <= 10 ? known : 11;
    }

    /// <summary>Orders that mean nothing to the type are counted together.</summary>
    private static ulong Named(CapabilityType type, ulong order) =>
        order == CommonOrder.TypeOf || WordMaker.IsOrderOf(type, order) ? order : ulong.MaxValue;
}
