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
    public void Open(string users)
    {
        Step.Demand("buy the server's node", _bank.BuyNode(out _boxes));
        Configure(users);
        for (uint i = 0; i < users.Split(' ').Length; i++)
        {
            Step.Demand("buy a box", _bank.BuyPage(out IPage box));
            Put(MailSlots.FirstBox + i, box);
        }

        Result result = _boxes.Reduce((ulong)Rights.ReadOnly, out _given);
        Step.Demand("make the node read-only", result);
        Serve(Role.MailServer, _cast.Schedule);
    }

    /// <summary>
    /// Ends whoever serves, and has another program do so, which begins with the same capabilities.
    /// </summary>
    public void Replace(Role role, ISchedule schedule)
    {
        Step.Demand("end the server", _serversBank.Destroy());
        Capabilities.Release(_serversBank);
        Capabilities.Release(Server);
        Serve(role, schedule);
    }

    /// <summary>What stands in a page of the node.</summary>
    public Sight Look(string what, uint slot)
    {
        Result result = _boxes.Fetch(slot, out ICapability thing);
        string contents = "";
        result = result == Result.Ok ? PageClient.Of(thing).ReadText(out contents) : result;
        Capabilities.Release(thing);
        return new(what, result, contents);
    }

    // That the server cannot destroy its bank protects who calls it: they would wait for ever.
    private void Serve(Role role, ISchedule schedule)
    {
        Step.Demand(
            "make the server's bank", _bank.CreateAccount(ServerLimit, out _serversBank, out ISpaceBank given));
        Step.Demand("make the server", _cast.Enter(role, given, schedule, _given, out ICapability server));
        Capabilities.Release(given);
        Server = MailServerClient.Of(server);
    }

    private void Configure(string users)
    {
        Step.Demand("buy the configuration", _bank.BuyPage(out IPage configuration));
        Step.Demand("write the configuration", configuration.WriteText(users));
        Step.Demand(
            "make the configuration read-only",
            configuration.Reduce((ulong)Rights.ReadOnly, out IPage readOnly));
        Put(MailSlots.Configuration, readOnly);
        Capabilities.Release(configuration);
    }

    private void Put(uint slot, ICapability thing)
    {
        Step.Demand("put it into the node", _boxes.Put(slot, thing));
        Capabilities.Release(thing);
    }
}
