using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Output that waits for the commit of what it comes from, on machines whose plug is pulled.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class HeldPortMachineTests
{
    [Test]
    public void No_receipt_is_ever_shown_of_a_sale_that_is_undone([Values] bool isPrompt) =>
        PullOften(seed: 20261126, isPrompt, pulls: 4);

    [Test, Explicit("It takes minutes.")]
    public void No_receipt_is_ever_shown_of_a_sale_that_is_undone_in_many_pulls(
        [Values] bool isPrompt, [Range(1, 10)] int seed) => PullOften(seed, isPrompt, pulls: 20);

    [Test]
    public void A_port_that_shows_at_once_is_found_out()
    {
        using MutantDomains mutants = new();
        mutants.Add("HastyPort", new SourceEdit(
            "Eros.Domains/HeldPort/HeldPortDomain.cs",
            "_held.Peek().Generation <= committed ||",
            "_held.Peek().Generation > committed ||"));
        mutants.Build();
        using TicketOffice office = new(seed: 1, isPrompt: true, mutants.Compose("HastyPort"));
        office.PullBehindEarlyReceipt();
        Assert.That(office.Wrong, Is.EqualTo(new[] { "receipt 1 was shown, and 0 are sold" }));
    }

    private static void PullOften(int seed, bool isPrompt, int pulls)
    {
        using TicketOffice office = new(seed, isPrompt);
        for (int pull = 0; pull < pulls; pull++)
        {
            office.Pull();
        }

        office.Close();
        Assert.That(office.Wrong, Is.Empty);
    }
}
