using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Eros.Tests.Programs;

internal static class TypeChecks
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("Interface_call_with_many_receivers", InterfaceCalls));
        all.Add(new Check("Interface_call_keeps_all_arguments", InterfaceArguments));
        all.Add(new Check("Interface_default_method", DefaultMethods));
        all.Add(new Check("Interface_of_generic_type", GenericInterfaces));
        all.Add(new Check("Interface_implemented_by_struct", StructInterfaces));
        all.Add(new Check("Static_abstract_members", StaticAbstracts));
        all.Add(new Check("Virtual_calls_and_abstract_classes", VirtualCalls));
        all.Add(new Check("Casts_of_classes_and_interfaces", Casts));
        all.Add(new Check("Casts_of_arrays", ArrayCasts));
        all.Add(new Check("Boxing_of_each_size", Boxing));
        all.Add(new Check("Enums_box_compare_and_print_numbers", Enums));
        all.Add(new Check("Type_identity", TypeIdentity));
        all.Add(new Check("Generic_code_over_references_and_values", Generics));
        all.Add(new Check("Generic_creation", GenericCreation));
        all.Add(new Check("Structs_with_references_are_copied", StructCopies));
        all.Add(new Check("Array_as_enumerable_and_list", ArrayInterfaces));
        all.Add(new Check("Array_of_arrays", JaggedArrays));
        all.Add(new Check("Object_equality_and_hash", ObjectEquality));
    }

    private static void InterfaceCalls(Output o)
    {
        IShape[] shapes = [new Square(3), new Circle(2), new Dot(), new BigSquare(3), new Square(1)];
        foreach (IShape shape in shapes)
        {
            o.Say($"{shape.Area()} {shape.Corners}");
        }
    }

    private static void InterfaceArguments(Output o)
    {
        IMixer[] mixers = [new FirstMixer(), new SecondMixer()];
        foreach (IMixer mixer in mixers)
        {
            o.Say(mixer.Mix(1, 2, 3, 4, 5, 6, 7));
            o.Say((long)(mixer.Blend(1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5) * 2));
        }
    }

    private static void DefaultMethods(Output o)
    {
        IShape[] shapes = [new Square(3), new Dot()];
        foreach (IShape shape in shapes)
        {
            o.Say(shape.Twice());
        }
    }

    private static void GenericInterfaces(Output o)
    {
        IBox<int>[] numbers = [new Box<int>(4), new Doubler()];
        IBox<string>[] texts = [new Box<string>("text"), new Shouter()];
        o.Say(numbers[0].Get() + numbers[1].Get());
        o.Say(texts[0].Get() + texts[1].Get());
    }

    private static void StructInterfaces(Output o)
    {
        IShape boxed = new Strip(4);
        IShape[] shapes = [boxed, new Dot()];
        o.Say(shapes[0].Area() + AreaOf(new Strip(6)) + shapes[1].Area());
    }

    private static void StaticAbstracts(Output o) => o.Say(Total<Metres>(3) + Total<Feet>(3));

    private static void VirtualCalls(Output o)
    {
        Animal[] animals = [new Cat(), new Kitten(), new Dog()];
        foreach (Animal animal in animals)
        {
            o.Say(animal.Name() + animal.Sound());
        }
    }

    private static void Casts(Output o)
    {
        object[] values = [new Cat(), new Kitten(), new Dog(), "s", 5, new Square(1)];
        foreach (object value in values)
        {
            o.Say($"{value is Animal} {value is Cat} {value is IShape} {(value as Kitten) is null} {value is int}");
        }

        Animal animal = (Animal)values[1];
        o.Say(((Kitten)animal).Name());
    }

    private static void ArrayCasts(Output o)
    {
        object[] values = [new int[1], new string[1], new Cat[1], new Kitten[1], new object[1]];
        foreach (object value in values)
        {
            o.Say($"{value is int[]} {value is object[]} {value is Animal[]} {value is Cat[]} {value is Array}");
        }

        Animal[] animals = new Cat[2];
        animals[0] = new Kitten();
        o.Say(animals[0].Name());
    }

    private static void Boxing(Output o)
    {
        object[] boxes = [(byte)1, (sbyte)-2, (short)-3, 'd', 5u, -6L, 7ul, true, new Wide(8, 9, 10, "w")];
        foreach (object box in boxes)
        {
            o.Say(box.ToString() ?? "null");
        }

        o.Say(((Wide)boxes[8]).C + (byte)boxes[0] + (long)boxes[5]);
        ((IMutable)boxes[8]).Change();
        o.Say(((Wide)boxes[8]).C);
    }

    private static void Enums(Output o)
    {
        Signal signal = Signal.Stop | Signal.Go;
        object boxed = signal;
        o.Say($"{(int)signal} {signal.HasFlag(Signal.Go)} {(Signal)boxed == signal} {boxed.Equals(Signal.Stop)}");
        o.Say($"{Small.Low:D} {(Signal)8:X} {EqualityComparer<Small>.Default.Equals(Small.Low, Small.High)}");
        o.Say(Comparer<Small>.Default.Compare(Small.Low, Small.High) < 0);
        o.Say((int)boxed);
    }

    private static void TypeIdentity(Output o)
    {
        object number = 5;
        object cat = new Kitten();
        o.Say(number.GetType() == typeof(int));
        o.Say(cat.GetType() == typeof(Cat));
        o.Say(cat.GetType() == typeof(Kitten));
        o.Say(typeof(List<int>) == new List<int>().GetType());
        o.Say(typeof(List<int>) == typeof(List<uint>));
    }

    private static void Generics(Output o)
    {
        o.Say(Largest([3, 9, 2]));
        o.Say(Largest(["b", "c", "a"]));
        o.Say(Swap((1, "x")).ToString());
        o.Say(CountOf("a", ["a", "b", "a"]) + CountOf(5, [5, 5, 6]));
    }

    private static void GenericCreation(Output o) => o.Say(Make<Cat>().Name() + Make<Wide>().C + default(Wide).A);

    private static void StructCopies(Output o)
    {
        Wide[] wides = new Wide[3];
        wides[1] = new Wide(1, 2, 3, "first");
        Wide copy = wides[1];
        copy.Change();
        wides[2] = copy;
        Holder holder = new() { Wide = wides[2] };
        ref Wide inside = ref holder.Wide;
        inside.A = 77;
        o.Say($"{wides[1]} {wides[2]} {holder.Wide} {wides[0].A}");
    }

    private static void ArrayInterfaces(Output o)
    {
        IEnumerable<int> numbers = new[] { 1, 2, 3 };
        int sum = 0;
        foreach (int n in numbers)
        {
            sum += n;
        }

        IReadOnlyList<string> texts = new[] { "a", "b" };
        IList<string> list = new[] { "c", "d" };
        list[0] = "e";
        o.Say($"{sum} {texts[1]} {texts.Count} {list.IndexOf("d")} {list.Contains("c")} {string.Join("+", list)}");
    }

    private static void JaggedArrays(Output o)
    {
        int[][] rows = new int[3][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new int[i + 1];
            rows[i][i] = i * i;
        }

        o.Say(rows[2][2] + rows[1].Length);
    }

    private static void ObjectEquality(Output o)
    {
        Cat cat = new();
        o.Say(cat.Equals(cat));
        o.Say(cat.Equals(new Cat()));
        o.Say(Equals(null, "b") || Equals("a", "b"));
        o.Say(Equals("ab", string.Concat("a", "b")));
        o.Say(cat.GetHashCode() == cat.GetHashCode() && "ab".GetHashCode() == string.Concat("a", "b").GetHashCode());
    }

    private static int AreaOf<T>(T shape)
        where T : IShape => shape.Area();

    private static int Total<T>(int count)
        where T : IUnit => count * T.Scale + T.Offset();

    private static T Largest<T>(T[] items)
        where T : IComparable<T>
    {
        T largest = items[0];
        foreach (T item in items)
        {
            largest = item.CompareTo(largest) > 0 ? item : largest;
        }

        return largest;
    }

    private static (TSecond, TFirst) Swap<TFirst, TSecond>((TFirst First, TSecond Second) pair) =>
        (pair.Second, pair.First);

    private static int CountOf<T>(T wanted, T[] items)
    {
        int count = 0;
        foreach (T item in items)
        {
            count += EqualityComparer<T>.Default.Equals(wanted, item) ? 1 : 0;
        }

        return count;
    }

    private static T Make<T>()
        where T : new() => new();

    [Flags]
    private enum Signal
    {
        Stop = 1,
        Go = 4,
    }

    private enum Small : sbyte
    {
        Low = -5,
        High = 5,
    }

    private interface IShape
    {
        int Corners { get; }

        int Area();

        int Twice() => 2 * Area();
    }

    private interface IMixer
    {
        int Mix(int a, int b, int c, int d, int e, int f, int g);

        double Blend(double a, double b, double c, double d, double e, double f, double g, double h);
    }

    private interface IBox<T>
    {
        T Get();
    }

    private interface IUnit
    {
        static abstract int Scale { get; }

        static virtual int Offset() => 0;
    }

    private interface IMutable
    {
        void Change();
    }

    private class Square(int side) : IShape
    {
        public int Corners => 4;

        public virtual int Area() => side * side;
    }

    private sealed class BigSquare(int side) : Square(side)
    {
        public override int Area() => 100 * base.Area();
    }

    private sealed class Circle(int radius) : IShape
    {
        int IShape.Corners => 0;

        int IShape.Area() => 3 * radius * radius;
    }

    private sealed class Dot : IShape
    {
        public int Corners => 0;

        public int Area() => 0;

        public int Twice() => -1;
    }

    private readonly struct Strip(int length) : IShape
    {
        public int Corners => 2;

        public int Area() => length;
    }

    private sealed class FirstMixer : IMixer
    {
        public int Mix(int a, int b, int c, int d, int e, int f, int g) =>
            a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + g;

        public double Blend(double a, double b, double c, double d, double e, double f, double g, double h) =>
            a - b + c * d - e / f + g * h;
    }

    private sealed class SecondMixer : IMixer
    {
        public int Mix(int a, int b, int c, int d, int e, int f, int g) => a * b * c * d * e * f * g;

        public double Blend(double a, double b, double c, double d, double e, double f, double g, double h) =>
            a + b + c + d + e + f + g + h;
    }

    private sealed class Box<T>(T value) : IBox<T>
    {
        public T Get() => value;
    }

    private sealed class Doubler : IBox<int>
    {
        public int Get() => 20;
    }

    private sealed class Shouter : IBox<string>
    {
        public string Get() => "LOUD";
    }

    private readonly struct Metres : IUnit
    {
        public static int Scale => 100;
    }

    private readonly struct Feet : IUnit
    {
        public static int Scale => 30;

        public static int Offset() => 1;
    }

    private abstract class Animal
    {
        public virtual string Name() => "animal ";

        public abstract string Sound();
    }

    private class Cat : Animal
    {
        public override string Name() => "cat ";

        public override string Sound() => "meow";
    }

    private sealed class Kitten : Cat
    {
        public override string Name() => "small " + base.Name();
    }

    private sealed class Dog : Animal
    {
        public override string Sound() => "woof";
    }

    private struct Wide(long a, long b, long c, string text) : IMutable
    {
        public long A = a;
        public long B = b;
        public long C = c;
        public string? Text = text;

        public void Change() => C += 1000;

        public override readonly string ToString() => $"{A},{B},{C},{Text}";
    }

    private sealed class Holder
    {
        public Wide Wide;
    }
}
