using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Eros.Build.Cli;
using Eros.Build.Cli.Inspecting;
using Eros.Build.Volume;
using Eros.Persistence.Layout;
using Eros.Persistence.Volume;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

/// <summary>What `./eros inspect` writes.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class InspectTests
{
    private TemporaryFolder _folder = null!;
    private string _disk = null!;

    [SetUp]
    public void MakeVolume()
    {
        _folder = new TemporaryFolder();
        _disk = _folder.File("disk.img");
        HostStore.Format(_disk, VolumeBuilder.GeometryFor(1000), id: 0x99, protocol: 5, [1, 2]);
        using var host = new HostStore(_disk, isWritable: true, frames: 1000, protocol: 5);
        host.Store.MostKept = 0;
        host.Mount();
        host.Create(3, FrameKind.Page);
        ref ProcessFrame process = ref host.Frames.Process(host.Create(4, FrameKind.Process));
        process.RunState = RunState.Running;
        process.Rip = 0x400123;
        process.Registers[5] = new Capability(
            CapabilityType.Page, Oid.Of(3), version: 1, Guard.At0(Guard.PageLog2).Value, Rights.ReadOnly);
        ProcessLabels.Write("spin", ref process.Label);
        host.Frames.Pot(host.Create(5, FrameKind.Pot, 6)).Nodes[6].Slots[0] = Capability.Number(77);
        host.Log.Processes.Add(Oid.Of(4).Value);
        host.Save();
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void The_json_says_everything_under_the_names_that_the_document_lists()
    {
        JsonElement root = Json();
        string document = SourceText("docs/inspect.md");
        Assert.That(NamesIn(root).Distinct().Where(name => !document.Contains($"`{name}`")), Is.Empty);
        JsonElement process = root.GetProperty("processes")[0];
        Assert.That(process.GetProperty("label").GetString(), Is.EqualTo("spin"));
        Assert.That(process.GetProperty("registers").GetProperty("rip").GetString(), Is.EqualTo("0000000000400123"));
        JsonElement held = process.GetProperty("capabilities")[0];
        Assert.That(held.GetProperty("slot").GetInt32(), Is.EqualTo(5));
        Assert.That(held.GetProperty("oid").GetString(), Is.EqualTo("000000000018"));
        Assert.That(held.GetProperty("rights")[0].GetString(), Is.EqualTo("read-only"));
        Assert.That(held.GetProperty("alive").GetBoolean(), Is.True);
        JsonElement node = root.GetProperty("nodes")[0];
        Assert.That(node.GetProperty("oid").GetString(), Is.EqualTo("00000000002e"));
        Assert.That(node.GetProperty("slots")[0].GetProperty("text").GetString(), Is.EqualTo("number 77"));
        JsonElement frames = root.GetProperty("counts").GetProperty("frames");
        Assert.That(frames.GetProperty("zero page").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void The_same_volume_gives_the_same_json()
    {
        string first = Json().GetRawText();
        Assert.That(Json().GetRawText(), Is.EqualTo(first));
    }

    [TestCase("no-such-file", "does not exist")]
    [TestCase("", "is a directory")]
    public void What_is_no_file_is_one_clear_line(string name, string reason) =>
        Refused(Path.Combine(_folder.Path, name), reason);

    [Test]
    public void What_is_no_volume_is_one_clear_line()
    {
        File.WriteAllBytes(_disk, new byte[1 << 20]);
        Refused(_disk, "the disk is blank");
        File.WriteAllText(_disk, string.Join(' ', Enumerable.Range(0, 9000)));
        Refused(_disk, "the disk holds no Eros volume");
        File.WriteAllText(_disk, string.Empty);
        Refused(_disk, "has 0 bytes");
    }

    [Test]
    public void The_verdict_is_the_first_line_and_the_last()
    {
        string[] lines = View();
        Assert.That(lines[0], Is.EqualTo("0 wrong, of all that is in use"));
        Assert.That(lines[^1], Is.EqualTo(lines[0]));
        Assert.That(lines, Has.Length.GreaterThan(10));
    }

    [Test]
    public void A_volume_that_is_refused_is_not_said_to_have_nothing_wrong()
    {
        using (FileStream file = File.Open(_disk, FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        string[] lines = View();
        Assert.That(lines[0], Does.StartWith("REFUSED by the kernel: the volume has "));
        Assert.That(lines[^1], Is.EqualTo(lines[0]));
        Assert.That(lines, Has.None.Contains("0 wrong"));
    }

    [TestCase(CapabilityType.Start, 3u, Rights.None, "start 000000000020, open payload 3")]
    [TestCase(CapabilityType.Start, 3u, Rights.FixedPayload, "start 000000000020, payload 3")]
    [TestCase(CapabilityType.Page, 12u, Rights.ReadOnly | Rights.NoExecute, "page 000000000020, read-only, no-execute")]
    [TestCase(CapabilityType.Space, 0x122u, Rights.Opaque, "space 000000000020, 2^34 bytes from 400000000, opaque")]
    [TestCase(CapabilityType.Schedule, 7u, Rights.None, "schedule 7")]
    [TestCase(CapabilityType.Schedule, 0x10Bu, Rights.None, "schedule 11, reserve 0 version 1")]
    [TestCase(CapabilityType.Schedule, 0x101Fu, Rights.None, "schedule 31, reserve 15 version 1")]
    [TestCase(CapabilityType.ReserveGrant, 0u, Rights.None, "reserve-grant")]
    [TestCase(CapabilityType.ConsoleGrant, 0u, Rights.None, "console-grant")]
    public void A_capability_in_words(CapabilityType type, uint data, Rights rights, string words) =>
        Assert.That(CapabilityText.Of(new Capability(type, Oid.Of(4), 1, data, rights)), Is.EqualTo(words));

    [Test]
    public void A_capability_that_counts_in_words()
    {
        Assert.That(CapabilityText.Of(Capability.Number(5)), Is.EqualTo("number 5"));
        Assert.That(CapabilityText.Of(Capability.Number(5, 0xA)), Is.EqualTo("number a_0000000000000005"));
        Assert.That(CapabilityText.Of(Capability.Resume(Oid.Of(4), 16)), Is.EqualTo("resume 000000000020, call 10"));
        Assert.That(CapabilityText.Of(Capability.Range(2, 9)), Is.EqualTo("range 000000000010, 9 frames"));
    }

    private static string SourceText(string path) => File.ReadAllText(Repository.PathOf(path));

    /// <summary>All names; but what is counted is named by kinds and types.</summary>
    private static IEnumerable<string> NamesIn(JsonElement element, int depth = 9) => element.ValueKind switch
    {
        _ when depth == 0 => [],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            NamesIn(property.Value, property.Name == "counts" ? 1 : depth - 1).Prepend(property.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => NamesIn(item, depth)),
        _ => [],
    };

    private string[] View()
    {
        using var output = new StringWriter();
        new Inspection(new Screen(output, TextWriter.Null)).Run(_disk, asJson: false, verify: true);
        return output.ToString().TrimEnd().Split('\n');
    }

    private JsonElement Json()
    {
        VolumeJson tree = VolumeJson.Of("disk.img", verified: true, VolumeInspector.Inspect(_disk, verify: true));
        return JsonDocument.Parse(JsonSerializer.Serialize(tree, InspectJson.Default.VolumeJson)).RootElement;
    }

    private static void Refused(string disk, string reason) => Assert.That(
        () => new Inspection(new Screen()).Run(disk, asJson: false, verify: true),
        Throws.TypeOf<UserError>().With.Message.Contains(reason).And.Message.Not.Contains("\n"));
}
