// CapabilityPage: docs/capabilities.md, from the comments in the protocol's sources. What can be asked of the kernel's
// code is asked: what is discreet, and what a capability becomes that is fetched through a weak one.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Eros.Build.Volume;
using Eros.Kernel.Capabilities;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Documents;

/// <summary>Writes the page.</summary>
internal static class CapabilityPage
{
    /// <summary>The page, in the tree.</summary>
    internal const string Path = "docs/capabilities.md";

    private const string CommonOrders = "Common";
    private const string OrdersFile = "Eros.Kernel/Protocol/Orders.cs";
    private const string TypesFile = "Eros.Persistence/Layout/CapabilityType.cs";

    private const Rights MemoryRights =
        Rights.ReadOnly | Rights.Weak | Rights.NoCall | Rights.Opaque | Rights.NoExecute;

    private const string Head = """
        # Capabilities

        What each type of capability is, and what it is asked. `./eros docs` writes this page from the comments in
        `Eros.Kernel/Protocol` and `Eros.Persistence/Layout/CapabilityType.cs`; a test holds both to what the kernel
        does.

        ## What holds for all

        An invocation has an order, words w1..w3, capabilities a0..a3 and a string; so has its answer, whose order is
        a result. Domains and kernel objects answer with the same results, so a caller cannot tell them apart.

        - An order that an object does not know gives UnknownOrder. One that is asked of a capability whose object is
          gone, or of nothing, gives VoidCapability. Neither changes anything.
        - An operation is done wholly, or nothing has happened. What is not in memory is waited for, as is room to
          change something; the invoker then repeats its call from the start. Where the disk does not give an object
          back, the result is BadObject.
        - A string that the invoker names must be in its space, or it has a page fault. What the receiver has no room
          for is cut off, and the answer says so.
        - Versions and call counts only grow. An object whose version would reach 2^32 - 1 is retired with its frame:
          it is never bought again, and no old capability comes to life.

        """;

    internal static string Render(Tree tree)
    {
        IReadOnlyList<ProtocolGroup> groups = Read(tree, OrdersFile);
        IReadOnlyList<ProtocolGroup> layout = Read(tree, TypesFile);
        IReadOnlyList<ProtocolGroup> words = Read(tree, "Eros.Kernel/Protocol/InvocationWord.cs");
        StringBuilder page = new(Head);
        page.AppendLine().AppendLine("## Types").AppendLine();
        Row(page, "", "type", "what it is", "its rights", "version; data", "discreet", "through a weak one");
        Row(page, "---:", "---", "---", "---", "---", "---", "---");
        foreach (ProtocolNumber type in layout[0].Numbers)
        {
            Row(page, $"{type.Value}", Words(type.Name), type.Comment.Summary, type.Comment["rights"],
                type.Comment["data"], Discreet((CapabilityType)type.Value), Weakened((CapabilityType)type.Value));
        }

        page.AppendLine().AppendLine("A right that is listed takes something away:").AppendLine();
        Numbers(page, layout[1]);
        page.AppendLine().AppendLine("## Orders");
        foreach (ProtocolGroup group in groups.Where(group => group.OrdersOf is not null))
        {
            Orders(page, group);
        }

        page.AppendLine().AppendLine("## What the kernel itself sends").AppendLine();
        foreach (ProtocolNumber sent in words.SelectMany(group => group.Numbers).Where(IsOrder))
        {
            page.AppendLine($"- {sent.Name} ({Hex(sent.Value)}): {sent.Comment.Summary}");
        }

        page.AppendLine().AppendLine("## Numbers");
        foreach (ProtocolGroup group in Read(tree, "Eros.Kernel/Protocol/Result.cs").Concat(
            groups.Where(group => group.OrdersOf is null)))
        {
            Title(page, group.Name, group);
            Numbers(page, group);
        }

        return page.ToString();
    }

    /// <summary>Every type, and every order with the name of its type.</summary>
    internal static (IReadOnlyList<ProtocolNumber> Types, IReadOnlyList<(string Type, ProtocolNumber Order)> Orders)
        Declared(Tree tree) =>
    (
        Read(tree, TypesFile)[0].Numbers,
        [.. Read(tree, OrdersFile).Where(group => group.OrdersOf is not null)
            .SelectMany(group => group.Numbers.Select(order => (group.OrdersOf!, order)))]
    );

    private static IReadOnlyList<ProtocolGroup> Read(Tree tree, string file) =>
        ProtocolSource.Read(System.IO.Path.Combine(tree.Root, file));

    private static bool IsOrder(ProtocolNumber number) => number.Name.EndsWith("Order", StringComparison.Ordinal);

    private static void Orders(StringBuilder page, ProtocolGroup group)
    {
        string title = group.OrdersOf == CommonOrders ? "every object" : Words(group.OrdersOf!);
        Title(page, title, group);
        Row(page, "", "order", "does", "takes", "answers", "waits", "other results");
        Row(page, "---:", "---", "---", "---", "---", "---", "---");
        foreach (ProtocolNumber order in group.Numbers)
        {
            ProtocolComment says = order.Comment;
            string number = Hex(order.Value);
            Row(page, number, order.Name, says.Summary, says["in"], says["out"], says["waits"], says["fails"]);
        }
    }

    private static void Title(StringBuilder page, string title, ProtocolGroup group) =>
        page.AppendLine().AppendLine($"### {title}").AppendLine().AppendLine(group.Comment.Summary).AppendLine();

    private static void Numbers(StringBuilder page, ProtocolGroup group)
    {
        Row(page, "", "name", "means");
        Row(page, "---:", "---", "---");
        foreach (ProtocolNumber number in group.Numbers)
        {
            Row(page, Hex(number.Value), number.Name, number.Comment.Summary);
        }
    }

    private static void Row(StringBuilder page, params string[] cells) =>
        page.AppendLine($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|")))} |");

    private static string Hex(uint value) => value < 0x100 ? $"{value}" : $"{value:X8}";

    private static string Words(string name) => CapabilityText.Name(Enum.Parse<CapabilityType>(name)).Replace('-', ' ');

    /// <summary>"no", "always", or the least rights that must be taken away.</summary>
    private static string Discreet(CapabilityType type)
    {
        List<Rights> least = [];
        for (Rights rights = 0; rights <= MemoryRights; rights++)
        {
            bool isImplied = least.Any(less => (less & rights) == less);
            if (!isImplied && DiscrimCapability.IsDiscreet(new Capability(type, default, 0).Less(rights)))
            {
                least.Add(rights);
            }
        }

        return least.Count == 0 ? "no" : least[0] == 0 ? "always" : string.Join(" or ", least.Select(Names));
    }

    private static string Weakened(CapabilityType type)
    {
        Capability weak = Weakening.Through(Rights.Weak, new Capability(type, default, 0));
        return weak.Type != type ? "void" : weak.Rights == 0 ? "the same" : Names(weak.Rights);
    }

    private static string Names(Rights rights) => string.Join(
        " and ",
        Enum.GetValues<Rights>().Where(right => right != 0 && (rights & right) != 0).Select(CapabilityText.Name));
}
