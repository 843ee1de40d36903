using System;
using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <content>Restarts between any two steps of the agent's.</content>
internal sealed partial class ConsoleSystemTests
{
    private bool _isOverwritten;

    /// <summary>A restart before each of the agent's steps, and word of it before each of those that follow.</summary>
    [Test]
    public void A_restart_between_two_steps_of_the_agent_leaves_one_prompt_and_the_line([Values] bool isNewer)
    {
        HostedService? newer = isNewer ? PageOf("halfway") : null;
        HashSet<int> overwritten = [];
        AtEachStep((cut, told) =>
        {
            bool isRead = false;
            bool isReached = RestartAt(cut, told, () => _console.Type("half"), () =>
            {
                isRead = _console.IsAllRead;
                _page = newer is null ? _page : Newer(newer);
            });
            overwritten.UnionWith(_isOverwritten ? [cut] : []);
            string line = isReached && isNewer && !_isOverwritten ? "halfway" : isRead || !isReached ? "half" : "";
            Assert.That(Rows(), Is.EqualTo(new[] { Prompt + line }), $"restart at {cut}, told at {told}");
            TerminalClient.At(CapabilityRegisters.FirstNamed).Write("news\n");
            Assert.That(Rows(), Is.EqualTo(new[] { "news", Prompt + line }), $"restart at {cut}, told at {told}");
            return isReached;
        });
        Assert.That(overwritten, Has.Count.LessThanOrEqualTo(1), "between a look at the page and writing it");
    }

    [Test]
    public void A_restart_between_two_steps_of_printing_leaves_one_prompt() => AtEachStep((cut, told) =>
    {
        bool isSeen = false;
        Result result = Result.NoAccess;
        bool isReached = RestartAt(
            cut,
            told,
            () => result = TerminalClient.At(CapabilityRegisters.FirstNamed).Write("news\n"),
            () => isSeen = _console.Written.Contains("news", StringComparison.Ordinal));
        Assert.That(result, Is.EqualTo(Result.Ok));
        Assert.That(
            Rows(),
            Is.EqualTo(isSeen ? [Prompt] : new[] { "news", Prompt }),
            $"restart at {cut}, told at {told}");
        return isReached;
    });

    [Test]
    public void A_restart_between_two_steps_of_a_command_leaves_one_prompt_at_its_end() => AtEachStep((cut, told) =>
    {
        bool isReached = RestartAt(cut, told, () => _console.Type("get x\r"), () => { });
        _console.WaitFor(Prompt);
        _agent.WaitUntilIdle();
        string[] rows = Rows();
        Assert.That(rows[^1], Is.EqualTo(Prompt), $"restart at {cut}, told at {told}");
        Assert.That(rows, Has.None.Contains(Prompt + Prompt), $"restart at {cut}, told at {told}");
        return isReached;
    });

    /// <summary>
    /// Does something to an agent that waits, with a restart before its step <paramref name="cut"/> and word of it
    /// before its step <paramref name="told"/>, or when it is done.
    /// </summary>
    /// <returns>False when it took fewer steps: there was no restart.</returns>
    private bool RestartAt(int cut, int told, Action act, Action atCut)
    {
        Stop();
        Boot(isOwner: true);
        _agent.WaitUntilIdle();
        int step = 0;
        _system.OnInvoke = process =>
        {
            if (process == _agent && step == cut)
            {
                atCut();
                _console.Restart();
            }

            if (process == _agent && step++ == told)
            {
                _seat.Return(isAnew: false);
            }
        };
        act();
        _agent.WaitUntilIdle();
        lock (_system.Gate)
        {
            _system.OnInvoke = null;
            if (step > cut && step <= told)
            {
                _seat.Return(isAnew: false);
            }
        }

        _agent.WaitUntilIdle();
        return step > cut;
    }

    // Until a restart comes too late for any step.
    private static void AtEachStep(Func<int, int, bool> restart)
    {
        const int Later = 8;
        int cut = 0;
        while (restart(cut, cut))
        {
            for (int told = cut + 1; told < cut + Later; told++)
            {
                restart(cut, told);
            }

            cut++;
        }

        Assert.That(cut, Is.GreaterThan(1), "it takes some steps");
    }

    // What a person sees of what was written since the restart.
    private string[] Rows()
    {
        Screen screen = new();
        screen.Write(_console.Written);
        return [.. screen.Rows];
    }

    // Where a line stands that was typed key by key.
    private HostedService PageOf(string line)
    {
        for (int typed = 1; typed <= line.Length; typed++)
        {
            _console.Type(line[(typed - 1)..typed]);
            _console.WaitFor(line[..typed]);
        }

        return _typed;
    }

    // A copy. That a checkpoint fell between the agent's look at the page and its writing is not noticed after a power
    // cut: then it is overwritten.
    private HostedService Newer(HostedService page)
    {
        HostedMessage contents = new() { Order = PageOrder.Read };
        page.Answer(contents);
        HostedService copy = NewPage(contents.Text);
        bool isSeen = false;
        return new HostedService(message =>
        {
            isSeen |= message.Order == PageOrder.Read;
            _isOverwritten |= !isSeen;
            copy.Answer(message);
        });
    }
}
