using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.CrowdMember;

/// <summary>What the capability registers of a member hold when it is equipped.</summary>
internal static class CrowdTypes
{
    /// <summary>Registers that are given to it anew at the beginning of each life, in turn.</summary>
    public const int RefilledPerLife = 5;

    public const int Registers = 32;

    // Registers, by what is put into them; those behind the last are void.
    public const int Page = 1;
    public const int ReadOnlyPage = 2;
    public const int WeakPage = 3;
    public const int Node = 4;
    public const int WeakNode = 5;
    public const int Leaf = 6;
    public const int Region = 7;
    public const int ForwarderNode = 8;
    public const int Space = 9;
    public const int TangledSpace = 10;
    public const int Forwarder = 11;
    public const int BlockedForwarder = 12;
    public const int OwnProcess = 13;
    public const int NextProcess = 14;
    public const int OwnStart = 15;
    public const int NextStart = 16;
    public const int Notification = 17;
    public const int Schedule = 18;
    public const int Sleep = 19;
    public const int Discrim = 20;
    public const int ProcessTool = 21;
    public const int Bank = 22;
    public const int PipeReader = 23;
    public const int FirstService = 24;
    public const int Services = 4;
    public const int LastGiven = FirstService + Services - 1;

    /// <summary>Types that are counted; behind them, whatever has come into a register.</summary>
    public const int Types = (int)CapabilityType.ProcessTool + 1;

    /// <summary>The first of the registers that a life begins with anew.</summary>
    public static int RefilledAt(ulong life, int number) =>
        1 + (int)(((life * RefilledPerLife) + (ulong)number) % LastGiven);

    /// <summary>The type of what a register is given.</summary>
    public static CapabilityType Of(int register) => register switch
    {
        >= Page and <= WeakPage => CapabilityType.Page,
        >= Node and <= ForwarderNode => CapabilityType.Node,
        Space or TangledSpace => CapabilityType.Space,
        Forwarder or BlockedForwarder or Bank => CapabilityType.Forwarder,
        OwnProcess or NextProcess => CapabilityType.Process,
        Notification => CapabilityType.Notification,
        Schedule => CapabilityType.Schedule,
        Sleep => CapabilityType.Sleep,
        Discrim => CapabilityType.Discrim,
        ProcessTool => CapabilityType.ProcessTool,
        0 or > LastGiven => CapabilityType.Void,
        _ => CapabilityType.Start,
    };
}
