using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>
/// An office that sells tickets, on a machine whose plug is pulled between a sale and its commit, in every phase of the
/// checkpoint, and behind the receipt; and what the console ever showed, against what is sold after the restart.
/// </summary>
internal sealed partial class TicketOffice : IDisposable
{
    private const int MostSales = 3;

    /// <summary>What was half typed when the plug was pulled is there again.</summary>
    private const string ClearLine = "\x15";

    /// <summary>Marks of one checkpoint.</summary>
    private const int Phases = 4;

    private readonly ErosMachine _machine;
    private readonly Random _random;
    private readonly string _sale;
    private readonly List<string> _wrong = [];
    private readonly HashSet<ulong> _shown = [];
    private ulong _sold;

    /// <param name="seed">Of where the plug is pulled.</param>
    /// <param name="isPrompt">The port asks for checkpoints.</param>
    /// <param name="volume">Another system than the shipped one.</param>
    public TicketOffice(int seed, bool isPrompt, string? volume = null)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        _random = new Random(seed);
        _sale = isPrompt ? "demo ticket" : "demo ticket later";
        IsPrompt = isPrompt;
        _machine = new ErosMachine(volume);
        Boot();
    }

    /// <summary>What a receipt said that was not so, or not any more.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>Sales that were lost with the state that they were in.</summary>
    public ulong Lost { get; private set; }

    /// <summary>Receipts that were shown once more, after a restart.</summary>
    public int ShownAgain { get; private set; }

    private bool IsPrompt { get; }

    /// <summary>Sells, pulls the plug somewhere, and looks at what comes back.</summary>
    public void Pull()
    {
        for (int sales = _random.Next(MostSales); sales > 0; sales--)
        {
            Sell();
        }

        if (_random.Next(3) == 0)
        {
            Sell();
            AskForCheckpoint();
            _machine.Expect($"receipt {_sold}\r");
        }
        else if (_random.Next(3) == 0)
        {
            Sell();
        }
        else
        {
            PullInCheckpoint();
        }

        _machine.Pull();
        Look();
        Boot();
    }

    /// <summary>In the end nothing that is sold is without a receipt.</summary>
    public void Close()
    {
        Sell();
        AskForCheckpoint();
        _machine.Expect($"receipt {_sold}\r");
        Look();
        for (ulong number = 1; number <= _sold; number++)
        {
            Expect(_shown.Contains(number), $"nobody has ever seen receipt {number} of {_sold}");
        }

        TestContext.Out.WriteLine(
            $"{_sold} sold, {Lost} sales lost with their state, {ShownAgain} receipts shown again");
    }

    /// <summary>Waits for a receipt that is on the screen before it may be, even before the seller says a word; pulls
    /// the plug behind it.</summary>
    public void PullBehindEarlyReceipt()
    {
        AskForTicket();
        _machine.Expect($"receipt {_sold}\r");
        _machine.Pull();
        Look();
        Boot();
    }

    public void Dispose() => _machine.Dispose();

    private void Sell()
    {
        AskForTicket();
        _machine.Expect("sold; the receipt comes");
    }

    private void AskForTicket()
    {
        _machine.Console.Type(_sale + "\r");
        _sold++;
    }

    private void AskForCheckpoint()
    {
        if (!IsPrompt)
        {
            _machine.Console.Type("checkpoint\r");
        }
    }

    // The machine is held at a mark of some checkpoint: the sale is before it, or the sale is what it is made for.
    private void PullInCheckpoint()
    {
        _machine.Marks.Arm(1 + _random.Next(Phases));
        _machine.Console.Type(_sale + "\r");
        AskForCheckpoint();
        Assert.That(_machine.Marks.WaitUntilFull(ErosMachine.Patience), "no checkpoint");
    }

    private void Boot()
    {
        _machine.Boot();
        _machine.Console.Type(ClearLine + "demo ticket sold\r");
        _machine.Expect("tickets sold: ");
        string number = _machine.Console.Expect("\r", ErosMachine.Patience);
        ulong sold = ulong.Parse(number.AsSpan().TrimEnd('\r'), CultureInfo.InvariantCulture);
        Expect(
            _shown.Count == 0 || sold >= _shown.Max(),
            $"receipt {(_shown.Count == 0 ? 0 : _shown.Max())} was shown, and {sold} are sold");
        Lost += _sold > sold ? _sold - sold : 0;
        _sold = sold;
    }

    /// <summary>Notes what this boot's console has shown.</summary>
    private void Look()
    {
        ulong last = 0;
        foreach (Match match in Receipt().Matches(_machine.Output))
        {
            ulong number = ulong.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            Expect(last == 0 || number == last + 1, $"receipt {number} comes after {last}");
            ShownAgain += _shown.Add(number) ? 0 : 1;
            last = number;
        }
    }

    private void Expect(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            _wrong.Add(otherwise);
        }
    }

    [GeneratedRegex("receipt ([0-9]+)\r")]
    private static partial Regex Receipt();
}
