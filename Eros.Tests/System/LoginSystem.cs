namespace Eros.Tests.SystemTests;

/// <summary>The standard system with two programs that have the owner's terminal: one that writes for ever, and one
/// that pretends to be the login agent.</summary>
internal static class LoginSystem
{
    public static readonly (string Name, string Text)[] Files =
    [
        ("Chatter/Chatter.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Domain.props" />
            </Project>
            """),
        ("Chatter/ChatterDomain.cs", """
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace Chatter;

            /// <summary>Writes when the clock says so, and counts when the terminal was void.</summary>
            [Domain]
            public sealed partial class ChatterDomain : Domain, IProgram, IAlarmed
            {
                private const ulong Pause = 100_000_000;

                private DeferredReply _alarm;
                private bool _isChattering;
                private int _void;

                [Capability]
                public partial ITerminal Terminal { get; }

                [Capability]
                public partial ISleep Sleep { get; }

                public Result Run(string arguments, out string output)
                {
                    output = $"{_void} times void\n";
                    _isChattering = arguments == "on";
                    if (_isChattering && _alarm.IsPending)
                    {
                        AlarmedServer.ReplyNextAlarm(_alarm, Result.Ok, 0);
                        _alarm = default;
                    }

                    return Result.Ok;
                }

                public Result NextAlarm(out ulong time)
                {
                    Sleep.Now(out time, out _);
                    time += Pause;
                    if (!_isChattering)
                    {
                        _alarm = Defer();
                    }
                    else if (Terminal.Write("tick\n") == Result.VoidCapability)
                    {
                        _void++;
                    }

                    return Result.Ok;
                }
            }
            """),
        ("Impostor/Impostor.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Domain.props" />
            </Project>
            """),
        ("Impostor/ImpostorDomain.cs", """
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace Impostor;

            /// <summary>Asks for a password as the login agent does.</summary>
            [Domain]
            public sealed partial class ImpostorDomain : Domain, IProgram
            {
                [Capability]
                public partial ITerminal Terminal { get; }

                public Result Run(string arguments, out string output)
                {
                    string password = "";
                    Result result = Terminal.ReadLine("login: ", out string name);
                    result = result == Result.Ok ? Terminal.ReadLine("password: ", out password) : result;
                    output = result == Result.Ok
                        ? $"stolen: {name} {password}\n"
                        : "nothing stolen: " + ResultText.Of(result) + "\n";
                    return Result.Ok;
                }
            }
            """),
        ("Inn/Inn.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Composition.props" />
              <ItemGroup>
                <ErosDomain Include="../Chatter/Chatter.csproj;../Impostor/Impostor.csproj" />
                <Compile Include="../Chatter/*.cs;../Impostor/*.cs" />
              </ItemGroup>
              <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
            </Project>
            """),
        ("Inn/Program.cs", """
            using Chatter;
            using Eros.Domains.Alarm;
            using Eros.Domains.Composition;
            using Eros.Domains.Image;
            using Impostor;

            return ImageCommand.Run(args, programs =>
            {
                StandardSystem system = new(programs);
                SystemBuilder builder = system.Builder;
                DomainHandle<ChatterDomain> chatter = builder.Add<ChatterDomain>("chatter", new DomainOptions());
                chatter.Bind(new ChatterDomain.Needs { Terminal = system.Terminal, Sleep = builder.Sleep });
                system.Programs.Add("chatter", chatter);
                DomainHandle<AlarmDomain> alarm = builder.Add<AlarmDomain>("alarm", new DomainOptions());
                alarm.Bind(new AlarmDomain.Needs { Sleep = builder.Sleep, Server = chatter });
                DomainHandle<ImpostorDomain> impostor = builder.Add<ImpostorDomain>("impostor", new DomainOptions());
                impostor.Bind(new ImpostorDomain.Needs { Terminal = system.Terminal });
                system.Programs.Add("impostor", impostor);
                return builder;
            });
            """),
    ];
}
