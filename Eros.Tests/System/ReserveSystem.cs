namespace Eros.Tests.SystemTests;

/// <summary>The standard system with two domains of one program, that count for ever what they have done: a mill, which
/// nothing is less urgent than, and a hog, which nothing is more urgent than while somebody runs it.</summary>
internal static class ReserveSystem
{
    public static readonly (string Name, string Text)[] Files =
    [
        ("Grinder/Grinder.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Domain.props" />
            </Project>
            """),
        ("Grinder/GrinderDomain.cs", """
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace Grinder;

            /// <summary>The mill has no clock.</summary>
            [Domain]
            public sealed unsafe partial class GrinderDomain : Domain, IProgram
            {
                private const int Turns = 10_000;
                private const ulong NsPerSecond = 1_000_000_000;

                [Capability]
                public partial ISleep Sleep { get; }

                /// <summary>Begins with what the mill has done.</summary>
                [Capability]
                public partial MappedPage Done { get; }

                private ulong* Mill => (ulong*)Done.Address;

                /// <summary>Takes all that it gets of so many seconds, and says what share of the work was the mill's.
                /// </summary>
                public Result Run(string arguments, out string output)
                {
                    Sleep.Now(out ulong now, out _);
                    ulong end = now + ulong.Parse(arguments) * NsPerSecond;
                    ulong before = *Mill;
                    ulong own = 0;
                    while (now < end)
                    {
                        Grind(&own);
                        Sleep.Now(out now, out _);
                    }

                    ulong mill = *Mill - before;
                    output = $"{mill} of {mill + own}\n";
                    return Result.Ok;
                }

                protected override void Main()
                {
                    while (Sleep.Now(out _, out _) != Result.Ok)
                    {
                        Grind(Mill);
                    }
                }

                private static void Grind(ulong* done)
                {
                    for (int i = 0; i < Turns; i++)
                    {
                        *done += 1;
                    }
                }
            }
            """),
        ("Yard/Yard.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Composition.props" />
              <ItemGroup>
                <ErosDomain Include="../Grinder/Grinder.csproj" />
                <Compile Include="../Grinder/*.cs" />
              </ItemGroup>
              <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
            </Project>
            """),
        ("Yard/Program.cs", """
            using Eros.Domains.Composition;
            using Eros.Domains.Image;
            using Eros.Domains.Runtime;
            using Grinder;

            return ImageCommand.Run(args, programs =>
            {
                StandardSystem system = new(programs);
                SystemBuilder builder = system.Builder;
                PageSource done = builder.NewPage();
                DomainHandle<GrinderDomain> mill =
                    builder.Add<GrinderDomain>("mill", new DomainOptions { Priority = 0 });
                mill.Bind(new GrinderDomain.Needs { Sleep = builder.Nothing<ISleep>(), Done = done });
                DomainHandle<GrinderDomain> hog =
                    builder.Add<GrinderDomain>("hog", new DomainOptions { Priority = 31 });
                hog.Bind(new GrinderDomain.Needs { Sleep = builder.Sleep, Done = done });
                system.Programs.Add("hog", hog);
                return builder;
            });
            """),
    ];
}
