namespace Eros.Domains.Runtime;

/// <summary>The node with which a desk's shell begins. What is void in it, its user has no right to.</summary>
public static class DeskSlots
{
    /// <summary><see cref="ISessionAgent"/>: the desk's own.</summary>
    public const uint Agent = 0;

    /// <summary><see cref="IAccount"/>: the user's.</summary>
    public const uint Account = 1;

    /// <summary><see cref="ICounter"/>.</summary>
    public const uint Counter = 2;

    /// <summary><see cref="ICheckpoint"/>: authority over the machine's persistence.</summary>
    public const uint Checkpoint = 3;

    /// <summary><see cref="IWarden"/>.</summary>
    public const uint Warden = 4;

    /// <summary>Node and names of the programs (<see cref="Directory"/>).</summary>
    public const uint Programs = 5;

    /// <inheritdoc cref="Programs"/>
    public const uint ProgramNames = 6;

    /// <summary><see cref="IPage"/>: holds the user's note.</summary>
    public const uint NotePage = 7;

    /// <summary><see cref="IClock"/>.</summary>
    public const uint Clock = 8;

    /// <summary><see cref="IClockSetter"/>: the right to set it.</summary>
    public const uint ClockSetter = 9;

    /// <summary><see cref="IUpgrades"/>: the right to give its place to another shell.</summary>
    public const uint Upgrades = 10;
}
