namespace Eros.Tests.SystemTests;

/// <summary>The standard system with a program that has the owner's terminal: it writes for ever, or pretends to be the
/// login agent.</summary>
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

            /// <summary>Writes when the clock says so, and counts when the terminal was void. By another name it asks
            /// for a password as the login agent does.</summary>
            [Domain]
            public sealed partial class ChatterDomain : Domain, IProgram, IAlarmed
            {
                public const uint Impostor = 1;
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
                    if (Badge == Impostor)
                    {
                        output = Steal();
                        return Result.Ok;
                    }

                    output = $"{_void} times void\n";
                    _isChattering = arguments == "on";
                    if (_isChattering && _alarm.IsPending)
                    {
                        AlarmedServer.ReplyNextAlarm(_alarm, Result.Ok, 0);
                        _alarm = default;
                    }

                    return Result.Ok;
                }

                private string Steal()
                {
                    string password = "";
                    Result result = Terminal.ReadLine("login: ", out string name);
                    result = result == Result.Ok ? Terminal.ReadLine("password: ", out password) : result;
                    return result == Result.Ok
                        ? $"stolen: {name} {password}\n"
                        : "nothing stolen: " + ResultText.Of(result) + "\n";
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
        ("Inn/Inn.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Composition.props" />
              <ItemGroup>
                <ErosDomain Include="../Chatter/Chatter.csproj" />
                <Compile Include="../Chatter/*.cs" />
              </ItemGroup>
              <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
            </Project>
            """),
        ("Inn/Program.cs", """
            using Chatter;
            using Eros.Domains.Alarm;
            using Eros.Domains.Composition;
            using Eros.Domains.Image;

            return ImageCommand.Run(args, programs =>
            {
                StandardSystem system = new(programs);
                SystemBuilder builder = system.Builder;
                DomainHandle<ChatterDomain> chatter = builder.Add<ChatterDomain>("chatter", new DomainOptions());
                chatter.Bind(new ChatterDomain.Needs { Terminal = system.Terminal, Sleep = builder.Sleep });
                system.Programs.Add("chatter", chatter);
                DomainHandle<AlarmDomain> alarm = builder.Add<AlarmDomain>("alarm", new DomainOptions());
                alarm.Bind(new AlarmDomain.Needs { Sleep = builder.Sleep, Server = chatter });
                system.Programs.Add("impostor", chatter.WithBadge(ChatterDomain.Impostor));
                return builder;
            });
            """),
    ];
}
