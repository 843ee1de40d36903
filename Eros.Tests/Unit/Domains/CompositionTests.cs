using Eros.Domains.Composition;
using Eros.Domains.Counter;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>What a composition refuses, and that it says which of its rules was broken.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class CompositionTests
{
    private SystemBuilder _system = null!;

    [SetUp]
    public void Begin() => _system = new SystemBuilder("programs");

    [Test]
    public void Two_domains_of_one_name_are_refused_by_that_name()
    {
        Add("clerk");
        Refused("clerk", "there is a domain clerk already; each has a name of its own");
    }

    [Test]
    public void A_domain_too_many_is_refused_with_the_limit()
    {
        for (int number = 0; number < Node.SlotCount; number++)
        {
            Add($"clerk-{number}");
        }

        Refused("clerk", "clerk is one too many: a system has 32 domains at most");
    }

    private void Add(string name) => _system.Add<CounterDomain>(name, new DomainOptions());

    private void Refused(string name, string why) =>
        Assert.That(() => Add(name), Throws.TypeOf<CompositionException>().With.Message.EqualTo(why));
}
