namespace Eros.Tests.SystemTests;

/// <summary>What a reader of the tutorial may come to next: a service with an interface of its own, and a domain that
/// uses it and is two programs, told apart by the badge.</summary>
internal static class TutorialVariation
{
    public static readonly string[][] Sessions =
    [
        [
            "eros: first boot",
            "eros> run lend Emma Ann",
            "Ann has Emma now (1 out)",
            "eros> run lend Emma Bob",
            "Emma is out: Ann has it",
            "eros> run who Emma",
            "Ann",
            "eros> checkpoint",
            "generation 2 committed",
            "eros> run lend Ulysses Cem",
            "Cem has Ulysses now (2 out)",
        ],
        [
            "eros: generation 2, resumed 2 processes in 9 ms",
            "eros> run who Ulysses",
            "not lent",
            "eros> run lend Emma Dan",
            "Emma is out: Ann has it",
            "eros> run lend Ulysses Dan",
            "Dan has Ulysses now (2 out)",
        ],
    ];

    public static readonly (string Name, string Text)[] Files =
    [
        ("Library/Library.csproj", DomainProject("")),
        ("Library/ILibrary.cs", """
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace Library;

            public interface ILibrary : ICapability
            {
                [Order(1)]
                Result Lend(uint shelf, string title, out uint number);

                [Order(2)]
                string Reader(string title);

                [Order(3)]
                Result Name(uint number, string reader, out uint lent);
            }
            """),
        ("Library/LibraryDomain.cs", """
            using System.Collections.Generic;
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace Library;

            [Domain]
            public sealed partial class LibraryDomain : Domain, ILibrary
            {
                private readonly Dictionary<string, string> _readers = [];
                private readonly List<string> _titles = [];

                public Result Lend(uint shelf, string title, out uint number)
                {
                    number = (uint)_titles.Count;
                    if (_readers.ContainsKey(title))
                    {
                        return Result.Busy;
                    }

                    _titles.Add(title);
                    _readers[title] = "";
                    return Result.Ok;
                }

                public string Reader(string title) => _readers.TryGetValue(title, out string? reader) ? reader : "";

                public Result Name(uint number, string reader, out uint lent)
                {
                    lent = (uint)_readers.Count;
                    if (number >= _titles.Count)
                    {
                        return Result.BadArgument;
                    }

                    _readers[_titles[(int)number]] = reader;
                    return Result.Ok;
                }
            }
            """),
        ("Desk/Desk.csproj", DomainProject("<Compile Include=\"../Library/ILibrary.cs\" />")),
        ("Desk/DeskDomain.cs", """
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;
            using Library;

            namespace Desk;

            [Domain]
            public sealed partial class DeskDomain : Domain, IProgram
            {
                private const uint AskBadge = 1;

                [Capability]
                public partial ILibrary Library { get; }

                public Result Run(string arguments, out string output)
                {
                    string[] words = arguments.Split(' ');
                    output = Badge == AskBadge ? Ask(words[0]) : Lend(words[0], words[1]);
                    return Result.Ok;
                }

                private string Ask(string title)
                {
                    string reader = Library.Reader(title);
                    return (reader.Length == 0 ? "not lent" : reader) + "\n";
                }

                private string Lend(string title, string reader)
                {
                    if (Library.Lend(0, title, out uint number) != Result.Ok)
                    {
                        return $"{title} is out: {Library.Reader(title)} has it\n";
                    }

                    Library.Name(number, reader, out uint lent);
                    return $"{reader} has {title} now ({lent} out)\n";
                }
            }
            """),
        ("Town/Town.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Composition.props" />
              <ItemGroup>
                <ErosDomain Include="../Library/Library.csproj;../Desk/Desk.csproj" />
                <Compile Include="../Library/*.cs;../Desk/*.cs" />
              </ItemGroup>
              <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
            </Project>
            """),
        ("Town/Program.cs", """
            using Desk;
            using Eros.Domains.Composition;
            using Eros.Domains.Image;
            using Library;

            return ImageCommand.Run(args, programs =>
            {
                StandardSystem system = new(programs);
                DomainHandle<LibraryDomain> library =
                    system.Builder.Add<LibraryDomain>("library", new DomainOptions { Priority = 9 });
                DomainHandle<DeskDomain> desk = system.Builder.Add<DeskDomain>("desk", new DomainOptions());
                desk.Bind(new DeskDomain.Needs { Library = library });
                system.Programs.Add("lend", desk);
                system.Programs.Add("who", desk.WithBadge(1));
                return system.Builder;
            });
            """),
    ];

    private static string DomainProject(string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="$(EROS)/Eros.Domains/Domain.props" />
          <ItemGroup>{items}</ItemGroup>
        </Project>
        """;
}
