using System;
using System.Collections.Generic;

namespace Eros.Tests.Programs;

internal static class CollectionChecks
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("List_adds_inserts_removes", Lists));
        all.Add(new Check("List_searches_and_sorts", ListSearches));
        all.Add(new Check("List_through_its_interfaces", ListInterfaces));
        all.Add(new Check("List_of_structs_and_of_references", ListElements));
        all.Add(new Check("Dictionary_adds_finds_removes", Dictionaries));
        all.Add(new Check("Dictionary_enumerates_in_order", DictionaryOrder));
        all.Add(new Check("Dictionary_with_every_kind_of_key", DictionaryKeys));
        all.Add(new Check("Dictionary_grows_and_reuses", DictionaryGrowth));
        all.Add(new Check("HashSet_operations", HashSets));
        all.Add(new Check("Queue_wraps_and_grows", Queues));
        all.Add(new Check("Stack_pushes_and_pops", Stacks));
        all.Add(new Check("Comparers", Comparers));
    }

    private static void Lists(Output o)
    {
        List<int> list = [5, 6];
        list.Add(7);
        list.Insert(0, 4);
        list.Insert(4, 8);
        list.AddRange(new[] { 9, 10 });
        list.RemoveAt(1);
        o.Say($"{Text(list)} {list.Remove(9)} {list.Remove(99)} {list.Count} {list[^1]}");
        list.RemoveRange(1, 2);
        list[0] = 40;
        o.Say($"{Text(list)} {list.RemoveAll(n => n > 9 && n < 20)} {Text(list)}");
        list.Clear();
        o.Say(list.Count);
    }

    private static void ListSearches(Output o)
    {
        List<string> list = ["delta", "alpha", "echo", "bravo", "charlie"];
        o.Say($"{list.IndexOf("echo")} {list.Contains("x")} {list.Find(s => s.Length == 4)}");
        o.Say(list.Exists(s => s == "echo") && !list.Exists(s => s == ""));
        list.Sort(string.CompareOrdinal);
        o.Say(string.Join(" ", list) + list.FindIndex(s => s.StartsWith('c')));
        list.Reverse();
        o.Say(string.Join(" ", list.ToArray()));
        List<int> numbers = [3, 1, 2];
        numbers.Sort();
        numbers.ForEach(n => o.Say(n));
        o.Say(numbers.BinarySearch(3) + numbers.BinarySearch(0));
    }

    private static void ListInterfaces(Output o)
    {
        List<int> list = [1, 2, 3];
        IEnumerable<int> sequence = list;
        int sum = 0;
        foreach (int n in sequence)
        {
            sum += n;
        }

        IList<int> mutable = list;
        mutable.Add(4);
        IReadOnlyList<int> readable = list;
        ICollection<int> collection = list;
        o.Say($"{sum} {readable[3]} {collection.Contains(2)} {mutable.Count} {Text(new List<int>(Squares(4)))}");
    }

    private static void ListElements(Output o)
    {
        List<(int Id, string Name)> pairs = [];
        for (int i = 0; i < 20; i++)
        {
            pairs.Add((i, new string((char)('a' + i), i % 3)));
        }

        o.Say(pairs[17].Name + pairs[19].Id + pairs.Contains((4, "e")) + pairs.IndexOf((5, "xx")));
        List<List<int>> nested = [[1], [2, 3]];
        o.Say(nested[1][1]);
    }

    private static void Dictionaries(Output o)
    {
        Dictionary<string, int> ages = new() { ["ann"] = 30, ["bob"] = 40 };
        ages.Add("cid", 50);
        ages["ann"] = 31;
        o.Say($"{ages["ann"]} {ages.TryGetValue("bob", out int bob)} {bob}");
        o.Say($"{ages.TryGetValue("x", out int none)} {none}");
        o.Say($"{ages.Remove("bob")} {ages.Remove("bob")} {ages.ContainsKey("bob")} {ages.Count}");
        o.Say($"{ages.TryAdd("cid", 1)} {ages.TryAdd("dan", 2)} {ages.Remove("cid", out int age)} {age}");
        o.Say(ages.GetValueOrDefault("dan") + ages.GetValueOrDefault("zed"));
        ages.Clear();
        o.Say(ages.Count);
    }

    private static void DictionaryOrder(Output o)
    {
        Dictionary<int, string> names = [];
        for (int i = 0; i < 30; i++)
        {
            names[i * 7919 % 101] = $"n{i}";
        }

        foreach ((int key, string name) in names)
        {
            o.Say($"{key}={name}");
        }

        names.Remove(7919 % 101);
        names.Add(1000, "reused");
        o.Say(string.Join(" ", names.Keys) + string.Join(" ", names.Values));
        foreach (KeyValuePair<int, string> pair in (IEnumerable<KeyValuePair<int, string>>)names)
        {
            o.Say(pair.Key + pair.Value.Length);
        }
    }

    private static void DictionaryKeys(Output o)
    {
        Dictionary<(int, int), int> tuples = new() { [(1, 2)] = 3, [(2, 1)] = 4 };
        Dictionary<ulong, int> wide = new() { [ulong.MaxValue] = 1, [0] = 2 };
        Dictionary<Colour, int> colours = new() { [Colour.Red] = 5, [Colour.Blue] = 6 };
        Dictionary<object, int> objects = new() { ["text"] = 7, [8] = 9 };
        Dictionary<int, int> modular = new(new Modulo(10)) { [3] = 1 };
        modular[13]++;
        o.Say(tuples[(2, 1)] + wide[ulong.MaxValue] + colours[Colour.Blue] + objects["te" + Rest()] + objects[8]);
        o.Say(modular[23] * 10 + modular.Count);
    }

    private static void DictionaryGrowth(Output o)
    {
        Dictionary<long, long> table = new(10);
        Random random = new(3);
        long sum = 0;
        for (int i = 0; i < 5000; i++)
        {
            long key = random.Next(800);
            if (table.Remove(key, out long old))
            {
                sum = sum * 31 + old;
            }
            else
            {
                table.Add(key, i);
            }
        }

        foreach (KeyValuePair<long, long> pair in table)
        {
            sum = sum * 31 + pair.Key + pair.Value;
        }

        o.Say($"{table.Count} {sum}");
    }

    private static void HashSets(Output o)
    {
        HashSet<int> set = [3, 1, 4, 1, 5];
        o.Say($"{set.Count} {set.Add(9)} {set.Add(3)} {set.Contains(4)} {set.Remove(4)} {set.Contains(4)}");
        set.UnionWith(Squares(3));
        set.ExceptWith(new[] { 3, 5 });
        o.Say(string.Join(" ", set));
        o.Say(new HashSet<string>(new[] { "a", "b", "a" }).Count);
    }

    private static void Queues(Output o)
    {
        Queue<int> queue = new();
        for (int i = 0; i < 100; i++)
        {
            queue.Enqueue(i);
            if (i % 3 == 0)
            {
                o.Say(queue.Dequeue());
            }
        }

        o.Say($"{queue.Count} {queue.Peek()} {queue.Contains(99)} {string.Join(" ", queue)}");
        o.Say(queue.TryDequeue(out int first) ? first : -1);
        queue.Clear();
        o.Say(queue.TryPeek(out _));
    }

    private static void Stacks(Output o)
    {
        Stack<string> stack = new();
        for (int i = 0; i < 10; i++)
        {
            stack.Push($"s{i}");
        }

        o.Say(stack.Pop() + stack.Peek() + stack.Count + stack.Contains("s3") + string.Join(",", stack));
        o.Say(string.Join(",", stack.ToArray()) + stack.TryPop(out string? top) + top);
    }

    private static void Comparers(Output o)
    {
        Comparer<string> ordinal = Comparer<string>.Create(string.CompareOrdinal);
        o.Say(Comparer<int>.Default.Compare(1, 2) + 10 * Math.Sign(ordinal.Compare("b", "a")));
        o.Say(Comparer<int?>.Default.Compare(null, 0));
        o.Say(EqualityComparer<string>.Default.Equals("a", null) || EqualityComparer<int?>.Default.Equals(null, 3));
        o.Say(EqualityComparer<int?>.Default.Equals(3, 3));
        o.Say(EqualityComparer<Colour>.Default.Equals(Colour.Red, default));
        o.Say(EqualityComparer<object>.Default.Equals(5, 5));
    }

    private static IEnumerable<int> Squares(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return i * i;
        }
    }

    private static string Rest() => "xt";

    private static string Text(List<int> list) => string.Join(" ", list);

    private enum Colour
    {
        Red,
        Blue,
    }

    private sealed class Modulo(int modulus) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x % modulus == y % modulus;

        public int GetHashCode(int obj) => obj % modulus;
    }
}
