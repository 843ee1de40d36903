using Eros.Build.Plug;
using NUnit.Framework;

namespace Eros.Tests.Unit.Plug;

[TestFixture, Category(TestKind.Unit)]
public sealed class ExpectationTests
{
    private static readonly ShellState _first = new("a", 0);
    private static readonly ShellState _second = new("b", 0);
    private static readonly ShellState _third = new("b", 1);
    private static readonly ShellState _fourth = new("c", 1);

    private Expectation _expectation = null!;

    [SetUp]
    public void AcknowledgeTheThirdOfFour()
    {
        _expectation = new Expectation(_first, before: null);
        _expectation.Became(_second);
        _expectation.Became(_third);
        _expectation.Acknowledged(new Progress(20, 5, 7), logLength: 1000);
        _expectation.Became(_fourth);
    }

    [Test]
    public void The_acknowledged_state_is_right() => Assert.That(_expectation.Judge(_third, At(20)), Is.Null);

    [Test]
    public void A_later_state_is_right_too() => Assert.That(_expectation.Judge(_fourth, At(25)), Is.Null);

    [Test]
    public void A_state_before_the_acknowledged_one_means_that_a_checkpoint_was_lost() =>
        Assert.That(_expectation.Judge(_second, At(20)), Does.Contain("was lost"));

    [Test]
    public void A_mixture_of_two_states_is_wrong() =>
        Assert.That(_expectation.Judge(new ShellState("c", 0), At(20)), Does.Contain("never was"));

    [Test]
    public void A_spinner_that_went_back_is_wrong() =>
        Assert.That(_expectation.Judge(_third, At(19)), Does.Contain("went back"));

    [Test]
    public void A_worker_that_went_back_is_wrong() =>
        Assert.That(_expectation.Judge(_third, new Progress(20, 5, 6)), Does.Contain("worker 1 went back from 7 to 6"));

    [Test]
    public void A_log_that_ends_before_an_acknowledgement_is_not_bound_by_it()
    {
        Assert.That(_expectation.Judge(_first, At(10), logLength: 999), Is.Null);
        Assert.That(_expectation.Judge(_first, At(20), logLength: 1000), Does.Contain("was lost"));
    }

    [Test]
    public void A_machine_that_came_back_binds_the_spinner_to_what_was_acknowledged_before()
    {
        Expectation resumed = new(_third, _expectation);
        Assert.That(resumed.Judge(_third, At(20)), Is.Null);
        Assert.That(resumed.Judge(_third, At(19)), Does.Contain("went back"));
    }

    private static Progress At(long spin) => new(spin, 5, 7);
}
