// Office: one mail server of the story, with what it is given: a node, whose slots it may read only, with its
// configuration, which it may read only, and a page for each box; and a bank of its own, with a limit.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Demo;

internal sealed class Office(Cast cast, ISpaceBank bank)
{
    private const ulong ServerLimit = 100;

    private readonly Cast _cast = cast;
    private readonly ISpaceBank _bank = bank;
    private ISpaceBank _serversBank = SpaceBankClient.Void;
    private INode _boxes = NodeClient.Void;
    private INode _given = NodeClient.Void;

    /// <summary>Whoever serves just now.</summary>
    public IMailServer Server { get; private set; } = MailServerClient.Void;

    /// <summary>Makes node, configuration and boxes, and a server.</summary>
    public Result Open(string users)
    {
        Result result = _bank.BuyNode(out _boxes);
        result = result == Result.Ok ? Configure(users) : result;
        for (uint i = 0; i < users.Split(' ').Length && result == Result.Ok; i++)
        {
            result = _bank.BuyPage(out IPage box);
            Put(MailSlots.FirstBox + i, box);
        }

        if (result == Result.Ok)
        {
            _boxes.Reduce((ulong)Rights.ReadOnly, out _given);
            result = Serve(Role.MailServer, _cast.Schedule);
        }

        return result;
    }

    /// <summary>
    /// Ends whoever serves, and has another program do so, which begins with the same capabilities.
    /// </summary>
    public Result Replace(Role role, ISchedule schedule)
    {
        Result result = _serversBank.Destroy();
        Capabilities.Release(_serversBank);
        Capabilities.Release(Server);
        return result == Result.Ok ? Serve(role, schedule) : result;
    }

    /// <summary>What stands in a page of the node.</summary>
    public string Contents(uint slot)
    {
        _boxes.Fetch(slot, out ICapability thing);
        PageClient.Of(thing).ReadText(out string contents);
        Capabilities.Release(thing);
        return contents;
    }

    // That the server cannot destroy its bank protects who calls it: they would wait for ever.
    private Result Serve(Role role, ISchedule schedule)
    {
        Result result = _bank.CreateAccount(ServerLimit, out _serversBank, out ISpaceBank given);
        if (result != Result.Ok)
        {
            return result;
        }

        result = _cast.Enter(role, given, schedule, _given, out ICapability server);
        Capabilities.Release(given);
        Server = MailServerClient.Of(server);
        return result;
    }

    private Result Configure(string users)
    {
        Result result = _bank.BuyPage(out IPage configuration);
        if (result == Result.Ok)
        {
            configuration.WriteText(users);
            configuration.Reduce((ulong)Rights.ReadOnly, out IPage readOnly);
            Put(MailSlots.Configuration, readOnly);
            Capabilities.Release(configuration);
        }

        return result;
    }

    private void Put(uint slot, ICapability thing)
    {
        _boxes.Put(slot, thing);
        Capabilities.Release(thing);
    }
}
