using System;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Spaces;

/// <summary>What is taken away when, where random trees seldom go: scarce tables, full reverse maps, odd
/// shapes.</summary>
public sealed class ReverseMapTests
{
    [Test]
    public void A_table_that_goes_is_forgotten_even_if_it_maps_nothing_any_more()
    {
        using var world = new SpaceWorld();
        int pot = world.NewPot();
        int process = world.NewProcess();
        int page = world.NewPage();
        world.MakeSpaceNode(pot, 0, 17);
        world.MakeSpaceNode(pot, 1, 12);
        world.Store(pot, 0, 0, world.SpaceCapability(pot, 1));
        world.Store(pot, 1, 1, world.PageCapability(page));
        world.SetSpace(process, world.SpaceCapability(pot, 0));
        world.Touch(process, 0x1000, Access.Read);
        world.Store(pot, 1, 1, Capability.Void);

        // The processor looks, finds nothing, and remembers the empty leaf. The leaf goes, and comes back elsewhere
        // with a page.
        Assert.That(world.Mmu.Access(0x1000, false, false), Is.Null);
        world.Spaces.NodeChanging(pot, 0);
        world.Store(pot, 1, 1, world.PageCapability(page));
        world.Store(pot, 0, 0, Capability.Void);
        world.Store(pot, 0, 16, world.SpaceCapability(pot, 1));
        world.Touch(process, (16UL << 17) + 0x1000, Access.Read);
        Assert.That(world.Mmu.Access(0x1000, false, false), Is.Null, "found through a table that is no more");
    }

    [Test]
    public void A_full_reverse_map_drops_what_it_forgets([Range(1, 3)] int seed)
    {
        using var world = new SpaceWorld(pageTables: 8);
        int pot = world.NewPot();
        int process = world.NewProcess();
        for (int level = 0; level < 6; level++)
        {
            world.MakeSpaceNode(pot, level, 42 - (5 * level));
            if (level > 0)
            {
                world.Store(pot, level - 1, 0, world.SpaceCapability(pot, level));
            }
        }

        for (int slot = 0; slot < 31; slot++)
        {
            int leaf = world.NewPot();
            world.MakeSpaceNode(leaf, 0, 12);
            world.Store(leaf, 0, 1, world.PageCapability(world.NewPage()));
            world.Store(pot, 5, slot, world.SpaceCapability(leaf, 0));
        }

        world.SetSpace(process, world.SpaceCapability(pot, 0));
        var random = new Random(seed);
        for (int i = 0; i < 400; i++)
        {
            ulong address = ((ulong)random.Next(31) << 17) + 0x1000;
            Assert.That(world.Touch(process, address, Access.Read), Is.EqualTo(SpaceOutcome.Ok));
            world.Check($"seed {seed}, access {i}");
        }
    }

    [Test]
    public void Nodes_of_a_space_that_was_given_up_concern_no_other()
    {
        using var world = new SpaceWorld(pageTables: 9);
        int pot = world.NewPot();
        int[] processes = new int[3];
        for (int i = 0; i < 3; i++)
        {
            processes[i] = world.NewProcess();
            world.MakeSpaceNode(pot, i, 12);
            world.Store(pot, i, 1, world.PageCapability(world.NewPage()));
            world.SetSpace(processes[i], world.SpaceCapability(pot, i));
            world.Touch(processes[i], 0x1000, Access.Read);
        }

        // Two spaces fit: the first was given up for the third, and its node's use names the third's root.
        Assert.That(world.KnownRoot(processes[0]), Is.Zero);
        world.Spaces.ObjectGone(pot, 0);
        Assert.That(world.Mmu.Access(0x1000, false, false), Is.Not.Null, "the third space lost its page");
        world.Check("after the first node went");
    }

    [Test]
    public void The_current_space_is_not_given_up_for_another()
    {
        using var world = new SpaceWorld(pageTables: 5);
        int pot = world.NewPot();
        int[] processes = new int[2];
        for (int i = 0; i < 2; i++)
        {
            processes[i] = world.NewProcess();
            world.MakeSpaceNode(pot, i, 12);
            world.Store(pot, i, 1, world.PageCapability(world.NewPage()));
            world.SetSpace(processes[i], world.SpaceCapability(pot, i));
        }

        world.Touch(processes[0], 0x1000, Access.Read);
        uint current = world.Mmu.Root;
        Assert.That(
            world.Spaces.Translate(processes[1], 0x1000, Access.Read, out _, out _), Is.EqualTo(SpaceOutcome.NoRoom));
        Assert.That(world.Mmu.Root, Is.EqualTo(current));
        Assert.That(world.Mmu.Access(0x1000, false, false), Is.Not.Null);
        Assert.That(
            world.Touch(processes[1], 0x1000, Access.Read), Is.EqualTo(SpaceOutcome.Ok), "it is, once the other runs");
        world.Check("after both have run");
    }

    [Test]
    public void A_page_alone_in_a_large_slot_hides_the_background_at_its_own_address_only()
    {
        using var world = new SpaceWorld();
        int pot = world.NewPot();
        int process = world.NewProcess();
        int front = world.NewPage();
        int back = world.NewPage();
        int hidden = world.NewPage();
        world.MakeSpaceNode(pot, 0, 17).Flags = NodeFlags.Background;
        world.MakeSpaceNode(pot, 1, 17);
        world.MakeSpaceNode(pot, 2, 12);
        world.Store(pot, 0, 0, world.PageCapability(front, match: 5));
        world.Store(pot, 0, 30, world.SpaceCapability(pot, 1));
        world.Store(pot, 1, 0, world.SpaceCapability(pot, 2));
        world.Store(pot, 2, 5, world.PageCapability(hidden));
        world.Store(pot, 2, 6, world.PageCapability(back));
        world.SetSpace(process, world.SpaceCapability(pot, 0));

        world.Touch(process, 0x6000, Access.Read);
        Assert.That(world.Mmu.Access(0x6000, false, false)!.Value.Pfn, Is.EqualTo(world.Frames[back].Pfn));
        world.Touch(process, 0x5000, Access.Read);
        Assert.That(world.Mmu.Access(0x5000, false, false)!.Value.Pfn, Is.EqualTo(world.Frames[front].Pfn));
    }

    [Test]
    public void Another_background_takes_the_pages_of_the_old_one_away()
    {
        using var world = new SpaceWorld();
        int pot = world.NewPot();
        int process = world.NewProcess();
        world.MakeSpaceNode(pot, 0, 12).Flags = NodeFlags.Background;
        world.MakeSpaceNode(pot, 1, 12);
        world.Store(pot, 0, 30, world.SpaceCapability(pot, 1));
        world.Store(pot, 1, 4, world.PageCapability(world.NewPage()));
        world.SetSpace(process, world.SpaceCapability(pot, 0));
        world.Touch(process, 0x4000, Access.Read);

        world.Store(pot, 0, 30, Capability.Void);
        Assert.That(world.Mmu.Access(0x4000, false, false), Is.Null);
        world.Check("after the background went");
    }

    [Test]
    public void A_page_that_many_spaces_map_is_protected_and_unmapped_in_all_of_them()
    {
        using var world = new SpaceWorld();
        int pot = world.NewPot();
        int page = world.NewPage();
        int[] processes = new int[6];
        for (int i = 0; i < processes.Length; i++)
        {
            processes[i] = world.NewProcess();
            world.MakeSpaceNode(pot, i, 12);
            world.Store(pot, i, i + 1, world.PageCapability(page));
            world.SetSpace(processes[i], world.SpaceCapability(pot, i));
            world.Touch(processes[i], (ulong)(i + 1) << 12, Access.Write);
        }

        // From the middle, the end and the head of the page's list.
        world.Store(pot, 3, 4, Capability.Void);
        world.Store(pot, 0, 1, Capability.Void);
        world.Store(pot, 5, 6, Capability.Void);
        world.Check("after three of six left");
        world.Snapshot();
        world.Check("after the snapshot");
        world.Spaces.ObjectGone(page, 0);
        for (int i = 0; i < processes.Length; i++)
        {
            world.Spaces.Activate(processes[i]);
            Assert.That(world.Mmu.Access((ulong)(i + 1) << 12, false, false), Is.Null, $"process {i}");
        }
    }
}
