using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The tutorials, followed to the letter in an empty directory; and a variation of the first.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed partial class TutorialTests
{
    private const string Indent = "    ";

    private EmptyDirectory _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new EmptyDirectory();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [TestCase("docs/writing-a-domain.md")]
    [TestCase("docs/a-confined-service.md")]
    public void What_the_tutorial_shows_happens(string path)
    {
        string tutorial = File.ReadAllText(Repository.PathOf(path));
        WriteFiles(tutorial);
        List<string[]> shown = [.. Shown(tutorial)];
        string[] commands = shown.Single(block => block[0].StartsWith("dotnet "));
        Run(commands[0].Split(' '));

        // The command itself would take this terminal.
        Assert.That(commands[1], Does.StartWith("$EROS/eros run --system "));
        Run([.. commands[1].Replace("$EROS", Repository.Root).Split(' '), "--print"]);
        Match disk = DiskName().Match(tutorial);
        Assert.That(disk.Success);
        List<string[]> sessions = [.. shown.Where(block => block.Any(line => line.StartsWith(ErosSession.Prompt)))];
        Assert.That(sessions, Has.Count.EqualTo(2), "one, and one after the power cut");
        foreach (string[] session in sessions)
        {
            Follow(_folder.PathOf(disk.Groups[1].Value), session);
        }
    }

    [TestCase("docs/writing-a-domain.md", "MySystem")]
    [TestCase("docs/a-confined-service.md", "House")]
    public void Without_the_checkouts_name_the_build_says_so(string path, string system)
    {
        WriteFiles(File.ReadAllText(Repository.PathOf(path)));
        (int code, string output) = _folder.Run("env", "-u", "EROS", "dotnet", "build", system, "-nologo");
        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain("error : EROS is to name the checkout").And.Not.Contain("NETSDK"));
    }

    [Test]
    public void A_variation_with_two_domains_and_two_programs_works_too()
    {
        foreach ((string name, string text) in TutorialVariation.Files)
        {
            _folder.Write(name, text);
        }

        Run("dotnet", "build", "Town");
        foreach (string[] session in TutorialVariation.Sessions)
        {
            Follow(_folder.PathOf("Town/Town.img"), session);
        }
    }

    private void WriteFiles(string tutorial)
    {
        foreach (Match block in CodeBlock().Matches(tutorial))
        {
            _folder.Write(block.Groups[1].Value, block.Groups[2].Value);
        }
    }

    /// <summary>Boots, types what stands behind the prompts, demands what stands below them, and pulls the plug. A
    /// line that was entered just before it may come back half typed, and goes.</summary>
    private static void Follow(string disk, string[] session)
    {
        MachineOptions options = new() { Kernel = ErosMachine.Kernel, Disk = Drive.File(disk) };
        using QemuMachine machine = QemuMachine.Start(options, ErosMachine.Patience * 2);
        ErosSession shell = ErosSession.Begin(machine, ErosMachine.Patience);
        Assert.That(machine.Output, Does.Match($"(?m)^{Number().Replace(Regex.Escape(session[0]), "[0-9]+")}\r?$"));
        for (int line = 1; line < session.Length;)
        {
            string command = session[line][ErosSession.Prompt.Length..];
            string[] output = [.. session.Skip(++line).TakeWhile(next => !next.StartsWith(ErosSession.Prompt))];
            line += output.Length;
            Assert.That(shell.Run(command, ErosMachine.Patience), Is.EqualTo(string.Join('\n', output)), command);
        }
    }

    /// <summary>The indented blocks, without their indentation.</summary>
    private static IEnumerable<string[]> Shown(string document)
    {
        List<string> block = [];
        foreach (string line in CodeBlock().Replace(document, "").Split('\n').Append(""))
        {
            if (line.StartsWith(Indent))
            {
                block.Add(line[Indent.Length..]);
            }
            else if (block.Count > 0)
            {
                yield return [.. block];
                block.Clear();
            }
        }
    }

    private void Run(params string[] words)
    {
        (int code, string output) = _folder.Run(words[0], words[1..]);
        Assert.That(code, Is.Zero, output);
    }

    [GeneratedRegex("a disk of its own, `([^`]+)`")]
    private static partial Regex DiskName();

    [GeneratedRegex("^```[a-z]+ (\\S+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
