using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.Volume;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Inspecting;

/// <summary>A process.</summary>
internal sealed record ProcessJson
{
    public required string Oid { get; init; }

    public required string Label { get; init; }

    public required uint Version { get; init; }

    public required string State { get; init; }

    /// <summary>The process list has it.</summary>
    public required bool Listed { get; init; }

    public required IReadOnlyList<string> Flags { get; init; }

    public required FaultJson Fault { get; init; }

    public required string CallCount { get; init; }

    public required string Notifications { get; init; }

    /// <summary>The capability type whose completion is awaited in the state kernel-wait.</summary>
    public required string WaitsFor { get; init; }

    public required IReadOnlyDictionary<string, string> Registers { get; init; }

    public required CapabilityJson Schedule { get; init; }

    public required CapabilityJson Keeper { get; init; }

    public required CapabilityJson Space { get; init; }

    public required CapabilityJson Brand { get; init; }

    /// <summary>The capability registers that are not void.</summary>
    public required IReadOnlyList<CapabilityJson> Capabilities { get; init; }

    internal static ProcessJson Of(VolumeReport report, ProcessReport process)
    {
        ProcessFrame frame = process.Frame;
        return new()
        {
            Oid = Text.Oid(process.Oid),
            Label = process.Label,
            Version = frame.Version,
            State = CapabilityText.Name(frame.RunState),
            Listed = process.IsListed,
            Flags = FlagList.Of(frame.Flags),
            Fault = new(
                CapabilityText.Name(frame.FaultCode), Text.Word(frame.FaultAddress), Text.Word(frame.FaultInfo)),
            CallCount = Text.Word(frame.CallCount),
            Notifications = Text.Word(frame.Notifications),
            WaitsFor = CapabilityText.Name((CapabilityType)frame.WaitsFor),
            Registers = GeneralRegisters(frame),
            Schedule = CapabilityJson.Of(report, 0, frame.Schedule),
            Keeper = CapabilityJson.Of(report, 0, frame.Keeper),
            Space = CapabilityJson.Of(report, 0, frame.Space),
            Brand = CapabilityJson.Of(report, 0, frame.Brand),
            Capabilities = CapabilityJson.Of(report, frame.Registers),
        };
    }

    private static Dictionary<string, string> GeneralRegisters(in ProcessFrame frame) => new()
    {
        ["rax"] = Text.Word(frame.Rax),
        ["rbx"] = Text.Word(frame.Rbx),
        ["rcx"] = Text.Word(frame.Rcx),
        ["rdx"] = Text.Word(frame.Rdx),
        ["rsi"] = Text.Word(frame.Rsi),
        ["rdi"] = Text.Word(frame.Rdi),
        ["rbp"] = Text.Word(frame.Rbp),
        ["rsp"] = Text.Word(frame.Rsp),
        ["r8"] = Text.Word(frame.R8),
        ["r9"] = Text.Word(frame.R9),
        ["r10"] = Text.Word(frame.R10),
        ["r11"] = Text.Word(frame.R11),
        ["r12"] = Text.Word(frame.R12),
        ["r13"] = Text.Word(frame.R13),
        ["r14"] = Text.Word(frame.R14),
        ["r15"] = Text.Word(frame.R15),
        ["rip"] = Text.Word(frame.Rip),
        ["rflags"] = Text.Word(frame.Rflags),
        ["fsBase"] = Text.Word(frame.FsBase),
        ["gsBase"] = Text.Word(frame.GsBase),
    };
}

/// <summary>The newest fault of a process.</summary>
internal sealed record FaultJson(string Code, string Address, string Info);

/// <summary>A node that holds something, or is not plain.</summary>
internal sealed record NodeJson(
    string Oid,
    uint Version,
    string Kind,
    int SlotLog2,
    IReadOnlyList<string> Flags,
    uint Word,
    IReadOnlyList<CapabilityJson> Slots)
{
    internal static NodeJson Of(VolumeReport volume, NodeReport report)
    {
        Node node = report.Node;
        return new(
            Text.Oid(report.Oid),
            node.Version,
            CapabilityText.Name(node.Kind),
            node.SlotLog2,
            FlagList.Of(node.Flags),
            node.Word,
            CapabilityJson.Of(volume, node.Slots));
    }
}

/// <summary>A capability, in words and in bits.</summary>
/// <param name="Slot">Where it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Rights">Rights that are taken away.</param>
/// <param name="Oid">The object that it names, null when it names none.</param>
/// <param name="Version">The object's version that it was made for.</param>
/// <param name="Data">Payload, guard, priority or mask, by type.</param>
/// <param name="Alive">Its object has its version; null when it names none, or one that could not be read.</param>
/// <param name="Text">All of that in words.</param>
/// <param name="Low">The low 64 bits.</param>
/// <param name="High">The high 64 bits.</param>
internal sealed record CapabilityJson(
    int Slot,
    string Type,
    IReadOnlyList<string> Rights,
    string? Oid,
    uint? Version,
    uint Data,
    bool? Alive,
    string Text,
    string Low,
    string High)
{
    internal static IReadOnlyList<CapabilityJson> Of(VolumeReport report, ReadOnlySpan<Capability> slots)
    {
        List<CapabilityJson> all = [];
        for (int slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot].Type != CapabilityType.Void)
            {
                all.Add(Of(report, slot, slots[slot]));
            }
        }

        return all;
    }

    internal static CapabilityJson Of(VolumeReport report, int slot, Capability capability)
    {
        bool isNumber = capability.Type == CapabilityType.Number;
        return new(
            slot,
            CapabilityText.Name(capability.Type),
            isNumber ? [] : FlagList.Of(capability.Rights),
            capability.NamesObject ? Inspecting.Text.Oid(capability.Oid.Value) : null,
            capability.NamesObject ? capability.Version : null,
            capability.Data,
            report.IsAlive(capability),
            CapabilityText.Of(capability),
            Inspecting.Text.Word(capability.Low),
            Inspecting.Text.Word(capability.High));
    }
}

/// <summary>Flags as lists of words.</summary>
internal static class FlagList
{
    internal static IReadOnlyList<string> Of<T>(T flags)
        where T : struct, Enum =>
        [.. Enum.GetValues<T>().Where(flag => Convert.ToByte(flag) != 0 && flags.HasFlag(flag))
            .Select(flag => CapabilityText.Name(flag))];
}
