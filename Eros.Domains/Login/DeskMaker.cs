// DeskMaker: a user's desk: a session agent and a shell, products of constructors, in storage of the desk's own. The
// agent begins with the desk's seat, the shell with a node of capabilities (DeskSlots). Nobody keeps a way in but the
// desk's bank, by which it can be ended; that is the login agent's.
//
// What is fetched is released at once: a domain that serves has few registers.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Login;

/// <summary>The node of what desks are made of.</summary>
public static class DeskParts
{
    /// <summary>The constructor of session agents (<see cref="ISessionAgent"/>), and how urgent they are.</summary>
    public const uint Agents = 0;

    /// <inheritdoc cref="Agents"/>
    public const uint AgentSchedule = 1;

    /// <summary>The constructor of shells, and how urgent they are.</summary>
    public const uint Shells = 2;

    /// <inheritdoc cref="Shells"/>
    public const uint ShellSchedule = 3;

    /// <summary>What every user's shell begins with, but for the first two of <see cref="DeskSlots"/>.</summary>
    public const uint Template = 4;
}

internal sealed class DeskMaker(INode parts, ISpaceBank bank, IProcess self)
{
    /// <summary>Home frames of a desk.</summary>
    private const ulong Limit = 500;

    private readonly INode _parts = parts;
    private readonly ISpaceBank _bank = bank;
    private readonly IProcess _self = self;

    /// <summary>Makes the desk with a number; what it costs is the bank that is given.</summary>
    public Result Make(uint number, out ISpaceBank deskBank)
    {
        Result result = _bank.CreateAccount(Limit, out deskBank, out ISpaceBank account);
        if (result != Result.Ok)
        {
            return result;
        }

        result = Furnish(account, number);
        Capabilities.Release(account);
        if (result != Result.Ok)
        {
            deskBank.Destroy();
        }

        return result;
    }

    private Result Furnish(ISpaceBank bank, uint number)
    {
        _self.MakeStart(Message.Payload(LoginDomain.SeatFacet, number), out ICapability seat);
        Result result = Request(DeskParts.Agents, bank, seat, out ICapability agent);
        Capabilities.Release(seat);
        if (result != Result.Ok)
        {
            return result;
        }

        result = bank.BuyNode(out INode desk);
        if (result == Result.Ok)
        {
            result = Equip(desk, agent, number, out INode given);
            Capabilities.Release(agent);
            Capabilities.Release(desk);
            result = result == Result.Ok ? Request(DeskParts.Shells, bank, given, out _) : result;
            Capabilities.Release(given);
        }

        return result;
    }

    private Result Equip(INode desk, ICapability agent, uint number, out INode given)
    {
        _parts.Fetch(DeskParts.Template, out ICapability template);
        desk.CopyFrom(NodeClient.Of(template));
        Capabilities.Release(template);
        _self.MakeStart(Message.Payload(LoginDomain.AccountFacet, number), out ICapability account);
        desk.Put(DeskSlots.Agent, agent);
        desk.Put(DeskSlots.Account, account);
        Capabilities.Release(account);
        return desk.Reduce((ulong)Rights.ReadOnly, out given);
    }

    // The schedule stands behind its constructor.
    private Result Request(uint part, ISpaceBank bank, ICapability argument, out ICapability product)
    {
        _parts.Fetch(part, out ICapability constructor);
        _parts.Fetch(part + 1, out ICapability schedule);
        Result result = ConstructorClient.Of(constructor).Request(
            bank, ScheduleClient.Of(schedule), argument, out product);
        Capabilities.Release(constructor);
        Capabilities.Release(schedule);
        return result;
    }
}
