using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Numbers that constructors share with those who use them.</summary>
public static class Constructors
{
    /// <summary>Constituents of a program: its capabilities by name, from CapabilityRegisters.FirstNamed on.</summary>
    public const int Constituents = 16;

    /// <summary>The bit of the keeper among the holes; those below are the constituents'.</summary>
    public const int KeeperBit = Constituents;

    /// <summary>A constructor's own result: it is sealed, and takes nothing more.</summary>
    public const Result Sealed = (Result)1;

    /// <summary>A constructor's own result: it makes nothing before it is sealed.</summary>
    public const Result NotSealed = (Result)2;
}

/// <summary>
/// Makes processes of one program, and says beforehand what they can reach. A product is *confined* when all that it
/// starts with, beside what its client gives it, lets it read at most: whatever it learns, it can tell its client
/// alone. What is not so is a *hole*.
/// </summary>
public interface IConstructor : ICapability
{
    /// <summary>
    /// Whether products are confined. NotSealed before the builder is done: the answer never changes afterwards.
    /// </summary>
    [Order(1)]
    Result IsConfined(out bool isConfined);

    /// <summary>
    /// The holes, a bit for each constituent that is one. A client that trusts some of them asks which those are with
    /// <see cref="FindHoles"/>.
    /// </summary>
    [Order(2)]
    Result Holes(out uint holes);

    /// <summary>The holes through which exactly <paramref name="thing"/> can be reached. It is not invoked.</summary>
    [Order(3)]
    Result FindHoles(ICapability thing, out uint holes);

    /// <summary>
    /// Makes a process of the program out of storage of <paramref name="bank"/>, which it goes on buying from, running
    /// at <paramref name="schedule"/>. <paramref name="argument"/> is among its capabilities from the start. Gives a
    /// start capability of it. NoAccess when the bank is no bank of the system's or the schedule is none; what the bank
    /// answers when it has no more, and then nothing has been bought.
    /// </summary>
    [Order(4)]
    Result Request(ISpaceBank bank, ISchedule schedule, ICapability argument, out ICapability product);
}

/// <summary>The builder's side of a constructor: all of it answers Sealed once the constructor is.</summary>
public interface IConstructorBuilder : ICapability
{
    /// <summary>Sets a constituent, which stands in a product's register FirstNamed + its number.</summary>
    [Order(1)]
    Result Insert(uint number, ICapability constituent);

    /// <summary>Sets who is told of a product's faults: always a hole, unless void.</summary>
    [Order(2)]
    Result SetKeeper(ICapability keeper);

    /// <summary>
    /// Sets the program: a space, and addresses in it where it begins and where its stack does. Who can write it can
    /// change the program, also of products that are there: sealing says what a program can reach, not what it does.
    /// </summary>
    [Order(3)]
    Result SetProgram(INode image, ulong entry, ulong stackTop);

    /// <summary>
    /// Sets the payload of the start capability that a request gives, and the constituents in whose places a product
    /// has its client's argument, and the capability of its own process: <see cref="Constructors.Constituents"/> for
    /// none.
    /// </summary>
    [Order(4)]
    Result SetStart(uint payload, uint argument, uint self);

    /// <summary>Ends the building, for ever; gives the constructor.</summary>
    [Order(5)]
    Result Seal(out IConstructor constructor);
}

/// <summary>Makes constructors.</summary>
public interface IMetaConstructor : ICapability
{
    /// <summary>
    /// A constructor with nothing in it. It lasts as long as the three nodes that it costs <paramref name="bank"/>.
    /// NoAccess when that is no bank of the system's.
    /// </summary>
    [Order(1)]
    Result MakeConstructor(ISpaceBank bank, out IConstructorBuilder builder);
}
