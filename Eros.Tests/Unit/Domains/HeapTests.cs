// The heap with types and objects that a test lays out as the compiler would: what can be reached stays, what cannot
// is freed, and no block is ever handed out twice.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime.Memory;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

internal sealed unsafe class HeapTests
{
    private const int FirstPages = 4;
    private const int PageLimit = 600;
    private const uint HoldsReferences = 0x0100_0000;
    private const uint HasComponents = 0x8000_0000;
    private const int HeaderWord = 8;
    private const int Roots = 16;

    private Heap* _heap;
    private byte* _memory;
    private nint* _roots;
    private Pages _pages = null!;
    private readonly List<nint> _types = [];

    private sealed class Pages : HeapPages
    {
        public int Left { get; set; } = PageLimit - FirstPages;

        private int _end = FirstPages;

        /// <summary>The pages that are there.</summary>
        public HashSet<int> There { get; } = [.. Enumerable.Range(0, FirstPages)];

        public override bool Add() => Left > 0 && Restore(_end) && _end++ > 0;

        public override bool Restore(int page) => Left-- > 0 && There.Add(page);

        public override void Remove(int page)
        {
            Assert.That(There.Remove(page), $"page {page} is removed twice");
            Left++;
        }
    }

    [SetUp]
    public void Open()
    {
        _heap = (Heap*)NativeMemory.AllocZeroed((nuint)sizeof(Heap));
        _memory = (byte*)NativeMemory.AlignedAlloc(PageLimit * Heap.PageBytes, Heap.PageBytes);
        new Span<byte>(_memory, PageLimit * Heap.PageBytes).Fill(0xCC);
        _roots = (nint*)NativeMemory.AllocZeroed(Roots * sizeof(long));
        _pages = new Pages();
        _heap->Open(_memory, FirstPages);
    }

    [TearDown]
    public void Close()
    {
        NativeMemory.Free(_heap);
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_roots);
        _types.ForEach(type => NativeMemory.Free((void*)type));
        _types.Clear();
    }

    [Test]
    public void A_block_is_zeroed_whatever_was_there([Values(24u, 32u, 100u, 2000u, 2001u, 5000u, 20000u)] uint size)
    {
        for (int round = 0; round < 3; round++)
        {
            byte* block = _heap->Allocate(size, _pages);
            Assert.That(new Span<byte>(block, (int)size).ToArray(), Is.All.Zero);
            new Span<byte>(block, (int)size).Fill(0xEE);
            *(nint*)(block + HeaderWord) = PlainType();
            Collect();
        }
    }

    [Test]
    public void Without_pages_there_is_no_block_and_the_heap_goes_on()
    {
        _pages.Left = 0;
        Assert.That(_heap->Allocate(5 * Heap.PageBytes, _pages) == null);
        Assert.That(_heap->Allocate(3 * Heap.PageBytes, _pages) != null);
    }

    [Test]
    public void An_object_that_a_root_points_into_stays([Values(0, 8, 17)] int inside)
    {
        byte* block = New(PlainType(), 40);
        _roots[3] = (nint)block + inside - HeaderWord;
        Collect();
        for (int i = 0; i < 500; i++)
        {
            Assert.That(New(PlainType(), 40) != block, $"allocation {i}");
        }
    }

    [Test]
    public void A_large_object_stays_as_long_as_a_root_points_anywhere_into_it()
    {
        byte* large = New(PlainType(), 3 * Heap.PageBytes);
        _roots[0] = (nint)large + 2 * Heap.PageBytes;
        Collect();
        int taken = _heap->TakenPages;
        _roots[0] = 0;
        Collect();
        Assert.That(taken - _heap->TakenPages, Is.EqualTo(3));
    }

    [Test]
    public void What_looks_like_a_reference_in_an_object_without_any_keeps_nothing()
    {
        byte* target = New(PlainType(), 40);
        byte* holder = New(PlainType(), 40);
        *(nint*)(holder + 8) = (nint)target;
        _roots[0] = (nint)holder;
        Collect();
        Assert.That(Enumerable.Range(0, 400).Any(_ => New(PlainType(), 40) == target));
    }

    [Test]
    public void A_long_chain_is_followed_to_its_end()
    {
        nint type = NodeType();
        byte* last = null;
        for (int i = 0; i < 20_000; i++)
        {
            byte* node = New(type, 32);
            *(nint*)(node + 8) = (nint)last;
            last = node;
        }

        _roots[0] = (nint)last;
        Collect();
        int length = 0;
        for (nint at = (nint)last; at != 0; at = *(nint*)(at + 8))
        {
            Assert.That(*(nint*)at, Is.EqualTo(type));
            length++;
        }

        Assert.That(length, Is.EqualTo(20_000));
    }

    [Test]
    public void More_pending_objects_than_there_is_room_for_are_all_marked()
    {
        nint type = NodeType();
        byte* array = NewArray(ArrayType(), 3000);
        _roots[0] = (nint)array;
        for (int i = 0; i < 3000; i++)
        {
            byte* node = New(type, 32);
            ((nint*)(array + 16))[i] = (nint)node;
            *(nint*)(node + 16) = (nint)New(type, 32);
        }

        int taken = _heap->TakenPages;
        Collect();
        Assert.That(_heap->TakenPages, Is.EqualTo(taken));
        for (int i = 0; i < 3000; i++)
        {
            nint node = ((nint*)(array + 16))[i];
            Assert.That(*(nint*)*(nint*)(node + 16), Is.EqualTo(type));
        }
    }

    [Test]
    public void References_in_an_array_of_structures_count_and_the_words_between_do_not()
    {
        // Structures of four words, of which the first and the fourth are references.
        nint type = StructArrayType();
        byte* array = NewArray(type, 2, 32);
        byte* kept = New(PlainType(), 40);
        byte* lost = New(PlainType(), 40);
        nint* elements = (nint*)(array + 16);
        elements[7] = (nint)kept;
        elements[5] = (nint)lost;
        _roots[0] = (nint)array;
        Collect();
        HashSet<nint> reused = [.. Enumerable.Range(0, 400).Select(_ => (nint)New(PlainType(), 40))];
        Assert.That(reused, Does.Contain((nint)lost).And.Not.Contain((nint)kept));
    }

    [Test]
    public void Free_pages_are_given_back_but_for_some_and_come_again()
    {
        List<nint> large = [];
        for (int i = 0; i < 100; i++)
        {
            large.Add((nint)New(PlainType(), 2 * Heap.PageBytes));
        }

        // One in the middle stays.
        _roots[0] = large[50];
        Collect();
        _heap->Shrink(_pages, all: false);
        Assert.That(_heap->MappedPages, Is.EqualTo(2 + 16));
        Assert.That(_pages.There, Has.Count.EqualTo(_heap->MappedPages));
        _heap->Shrink(_pages, all: true);
        Assert.That(_pages.There, Has.Count.EqualTo(FirstPages + 2));
        Assert.That(_pages.There, Does.Contain((int)((large[50] - (nint)_memory) / Heap.PageBytes)));

        int left = _pages.Left;
        for (int i = 0; i < 99; i++)
        {
            large[i] = (nint)New(PlainType(), 2 * Heap.PageBytes);
        }

        Assert.That(left - _pages.Left, Is.InRange(2 * 99 - FirstPages, 2 * 99 + FirstPages));
        Assert.That(large.Take(99), Is.Unique.And.Not.Contain(_roots[0]));
    }

    [Test]
    public void A_page_that_does_not_come_again_leaves_the_heap_as_it_was()
    {
        New(PlainType(), 40 * Heap.PageBytes);
        Collect();
        _heap->Shrink(_pages, all: true);
        _pages.Left = 3;
        Assert.That(_heap->Allocate(20 * Heap.PageBytes, _pages) == null);
        _pages.Left = 3;
        Assert.That(_heap->Allocate(FirstPages * Heap.PageBytes, _pages) != null);
    }

    [Test]
    public void Random_graphs_keep_what_can_be_reached_and_lose_the_rest([Range(1, 8)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        nint node = NodeType();
        nint array = ArrayType();
        int mostTaken = 0;
        for (int step = 0; step < 20_000; step++)
        {
            byte* thing = random.Next(10) == 0 ? NewArray(array, random.Next(700)) : New(node, 32);
            Link(random, thing, node);
            _roots[random.Next(Roots)] = random.Next(3) == 0 ? 0 : (nint)thing;
            if (random.Next(400) == 0)
            {
                Collect();
                Assert.That(Reachable(node, array), Is.True, $"seed {seed}, step {step}");
                mostTaken = Math.Max(mostTaken, _heap->TakenPages);
                _heap->Shrink(_pages, random.Next(2) == 0);
                Assert.That(_pages.There, Has.Count.EqualTo(_heap->MappedPages), $"seed {seed}, step {step}");
            }
        }

        new Span<nint>(_roots, Roots).Clear();
        Collect();
        Assert.That(_heap->TakenPages, Is.Zero);
        Assert.That(mostTaken, Is.LessThan(PageLimit));
    }

    // Points some references of a new object at what roots point at, one level deep.
    private void Link(Random random, byte* thing, nint node)
    {
        int count = *(nint*)thing == node ? 2 : (int)*(uint*)(thing + 8);
        nint* references = (nint*)(thing + (*(nint*)thing == node ? 8 : 16));
        for (int i = 0; i < Math.Min(count, 3); i++)
        {
            nint target = _roots[random.Next(Roots)];
            if (target != 0 && *(nint*)target == node && random.Next(2) == 0)
            {
                target = ((nint*)target)[1 + random.Next(2)];
            }

            references[i] = target;
        }
    }

    // Every object that can be reached still has its type.
    private bool Reachable(nint node, nint array)
    {
        HashSet<nint> seen = [];
        Stack<nint> pending = new(new Span<nint>(_roots, Roots).ToArray().Where(root => root != 0));
        while (pending.TryPop(out nint thing))
        {
            if (!seen.Add(thing))
            {
                continue;
            }

            nint type = *(nint*)thing;
            if (type != node && type != array)
            {
                return false;
            }

            int count = type == node ? 2 : (int)*(uint*)(thing + 8);
            nint* references = (nint*)(thing + (type == node ? 8 : 16));
            for (int i = 0; i < count; i++)
            {
                if (references[i] != 0)
                {
                    pending.Push(references[i]);
                }
            }
        }

        return true;
    }

    private void Collect()
    {
        _heap->MarkFrom(_roots, _roots + Roots);
        _heap->Sweep();
    }

    private byte* New(nint type, uint size)
    {
        byte* block = _heap->Allocate(size, null);
        block = block == null ? _heap->Allocate(size, _pages) : block;
        *(nint*)(block + HeaderWord) = type;
        return block + HeaderWord;
    }

    private byte* NewArray(nint type, int length, int elementSize = 8)
    {
        byte* array = New(type, (uint)(24 + length * elementSize));
        *(uint*)(array + 8) = (uint)length;
        return array;
    }

    private nint PlainType() => Type(0, 40, []);

    // Two references behind the MethodTable pointer: one series of 16 bytes, stored less the object's 32.
    private nint NodeType() => Type(HoldsReferences, 32, [1, 8, 16 - 32]);

    private nint ArrayType() => Type(HoldsReferences | HasComponents | 8, 24, [1, 16, -24]);

    // Runs of one reference: skip 16 bytes, then one and skip nothing.
    private nint StructArrayType() => Type(HoldsReferences | HasComponents | 32, 24, [-2, 16, 1 | (16L << 32), 1]);

    private nint Type(uint flags, uint baseSize, long[] descending)
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)(descending.Length * sizeof(long) + 32));
        _types.Add((nint)memory);
        byte* type = memory + descending.Length * sizeof(long);
        for (int i = 0; i < descending.Length; i++)
        {
            ((long*)type)[-1 - i] = descending[i];
        }

        ((uint*)type)[0] = flags;
        ((uint*)type)[1] = baseSize;
        return (nint)type;
    }
}
