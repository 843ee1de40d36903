using System;
using System.Collections.Generic;
using Eros.Domains.Naming;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

public sealed class DirectoryTests
{
    private ServiceFixture<DirectoryDomain> _fixture = null!;
    private HostedProcess _client = null!;
    private IDirectory _directory = null!;

    [SetUp]
    public void Start()
    {
        _fixture = new ServiceFixture<DirectoryDomain>();
        _client = _fixture.NewClient();
        _client.Enter(named: 1);
        _directory = DirectoryClient.At(CapabilityRegisters.FirstNamed);
    }

    [TearDown]
    public void Stop()
    {
        _fixture.Dispose();
        _client.Dispose();
    }

    [Test]
    public void It_agrees_with_a_dictionary([Values(1, 2, 3)] int seed)
    {
        Random random = new(seed);
        var model = new Dictionary<string, ulong>();
        var order = new List<string>();
        for (int step = 0; step < 2000; step++)
        {
            string name = "name " + random.Next(60);
            switch (random.Next(3))
            {
                case 0:
                    Result linked = _directory.Link(name, NewThing((ulong)step));
                    Assert.That(linked, Is.EqualTo(model.TryAdd(name, (ulong)step)
                        ? Result.Ok : DirectoryResult.Exists), $"seed {seed}, step {step}");
                    order.Add(linked == Result.Ok ? name : "");
                    order.Remove("");
                    break;
                case 1:
                    Assert.That(_directory.Unlink(name), Is.EqualTo(model.Remove(name)
                        ? Result.Ok : DirectoryResult.NotFound), $"seed {seed}, step {step}");
                    order.Remove(name);
                    break;
                default:
                    Assert.That(Find(name), Is.EqualTo(model.TryGetValue(name, out ulong thing) ? thing : null),
                        $"seed {seed}, step {step}");
                    break;
            }

            CapabilityRegisters.Current.ReleaseTemporaries();
        }

        Assert.That(Names(), Is.EqualTo(order));
    }

    [Test]
    public void Who_may_only_read_changes_nothing()
    {
        _directory.Link("a", NewThing(7));
        _directory.Reader(out IDirectoryReader reader);
        IDirectory forged = DirectoryClient.At(CapabilityClient.RegisterOf(reader));
        Assert.That(reader.Lookup("a", out _), Is.EqualTo(Result.Ok));
        Assert.That(forged.Unlink("a"), Is.EqualTo(Result.UnknownOrder));
        Assert.That(forged.Link("b", NewThing(1)), Is.EqualTo(Result.UnknownOrder));
    }

    [Test]
    public void A_name_that_cannot_be_entered_changes_nothing()
    {
        Assert.That(_directory.Link("", NewThing(1)), Is.EqualTo(Result.BadArgument));
        _fixture.NodesLeft = 0;
        Assert.That(_directory.Link("a", NewThing(1)), Is.EqualTo(Result.LimitReached));
        Assert.That(Names(), Is.Empty);
        _fixture.NodesLeft = 3;
        Assert.That(_directory.Link("a", NewThing(1)), Is.EqualTo(Result.Ok));
        Assert.That(Names(), Is.EqualTo(new[] { "a" }));
    }

    // Something that answers its number to any order.
    private CapabilityClient NewThing(ulong number)
    {
        int register = CapabilityRegisters.Current.Allocate();
        _client.Registers[register] = new HostedService(message => message.Answer(Result.Ok, number));
        return CapabilityClient.At(register);
    }

    private ulong? Find(string name)
    {
        if (_directory.Lookup(name, out ICapability thing) != Result.Ok)
        {
            return null;
        }

        MessageRegisters message = default;
        message.Order = 1;
        message.Call(CapabilityClient.RegisterOf(thing), 0, 0);
        return message.Word1;
    }

    private IEnumerable<string> Names()
    {
        for (uint i = 0; _directory.NameAt(i, out string name) == Result.Ok; i++)
        {
            yield return name;
        }
    }
}
