namespace Eros.Tests.SystemTests;

/// <summary>A system with two domains that build subsystems of banks and processes, and destroy them: one when it is
/// told to, step by step; one for ever.</summary>
internal static class Nest
{
    public static readonly (string Name, string Text)[] Files =
    [
        ("Nest/Nest.csproj", DomainProject("")),
        ("Nest/Subsystem.cs", """
            using System;
            using System.Runtime.InteropServices;
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;
            using Eros.Persistence.Layout;

            namespace Nest;

            /// <summary>Processes that run for ever, bought of two banks of which one is below the other.</summary>
            internal sealed class Subsystem(ISpaceBank bank, ISchedule schedule)
            {
                private const ulong Entry = 0x1000;

                private readonly ISpaceBank _bank = bank;
                private readonly ISchedule _schedule = schedule;
                private ICapability[] _kept = [];

                public ISpaceBank Upper { get; private set; } = SpaceBankClient.Void;

                public ulong Used
                {
                    get
                    {
                        _bank.Account(out ulong used, out _, out _);
                        return used;
                    }
                }

                public string Text
                {
                    get
                    {
                        string text = $"used {Used}";
                        foreach (ICapability thing in _kept)
                        {
                            text += Capabilities.TypeOf(thing) == CapabilityType.Void ? " void" : " there";
                        }

                        return text;
                    }
                }

                public bool IsGone
                {
                    get
                    {
                        foreach (ICapability thing in _kept)
                        {
                            if (Capabilities.TypeOf(thing) != CapabilityType.Void)
                            {
                                return false;
                            }
                        }

                        return true;
                    }
                }

                public Result Build(int processes)
                {
                    foreach (ICapability thing in _kept)
                    {
                        Capabilities.Release(thing);
                    }

                    _bank.CreateChild(ulong.MaxValue, out ISpaceBank upper);
                    upper.CreateChild(ulong.MaxValue, out ISpaceBank lower);
                    upper.Preclude(BankRights.NoDestroy, out ISpaceBank reduced);
                    lower.BuyPage(out IPage page);
                    Result result = AddProcess(upper, out IProcess first);
                    for (int i = 1; i < processes && result == Result.Ok; i++)
                    {
                        result = AddProcess(i % 2 == 0 ? upper : lower, out IProcess process);
                        Capabilities.Release(process);
                    }

                    Upper = upper;
                    _kept = [upper, lower, reduced, page, first];
                    foreach (ICapability thing in _kept)
                    {
                        Capabilities.Keep(thing);
                    }

                    return result;
                }

                private Result AddProcess(ISpaceBank bank, out IProcess process)
                {
                    bank.BuyPage(out IPage code);
                    code.Write(0, [0xEB, 0xFE]);
                    bank.BuySpaceNode(12, out INode node);
                    node.Swap(1, code, out ICapability nothing);
                    node.MakeSpace(Guard.At0(17).Value, 0, out ISpace space);
                    bank.BuyProcess(out process);
                    process.SwapSlot(ProcessSlot.Space, space, out ICapability noSpace);
                    process.SwapSlot(ProcessSlot.Schedule, _schedule, out ICapability noSchedule);
                    ProcessRegisters registers = new() { Rip = Entry };
                    process.WriteRegisters(MemoryMarshal.AsBytes(new ReadOnlySpan<ProcessRegisters>(in registers)));
                    Result result = process.Run();
                    foreach (ICapability thing in new[] { code, node, nothing, space, noSpace, noSchedule })
                    {
                        Capabilities.Release(thing);
                    }

                    return result;
                }
            }
            """),
        ("Nest/NestDomain.cs", """
            using System.Buffers.Binary;
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;

            namespace Nest;

            [Domain]
            public sealed partial class NestDomain : Domain, IProgram
            {
                private Subsystem? _subsystem;

                [Capability]
                public partial ISpaceBank Bank { get; }

                [Capability]
                public partial ISchedule Schedule { get; }

                /// <summary>The bank of the domain that builds and destroys for ever.</summary>
                [Capability]
                public partial ISpaceBank ChurnsBank { get; }

                [Capability]
                public partial MappedPage Published { get; }

                public Result Run(string arguments, out string output)
                {
                    _subsystem ??= new Subsystem(Bank, Schedule);
                    Result result = Result.Ok;
                    switch (arguments)
                    {
                        case "build":
                            result = _subsystem.Build(60);
                            break;
                        case "step":
                            result = _subsystem.Upper.DestroyStep(handUp: false, out _);
                            break;
                        case "finish":
                            result = _subsystem.Upper.Destroy();
                            break;
                        case "kill":
                            result = ChurnsBank.Destroy();
                            break;
                        case "churn":
                            ulong cycles = BinaryPrimitives.ReadUInt64LittleEndian(Published.Bytes);
                            ulong wrong = BinaryPrimitives.ReadUInt64LittleEndian(Published.Bytes[8..]);
                            output = $"{cycles} {wrong}\n";
                            return Result.Ok;
                    }

                    output = _subsystem.Text + (result == Result.Ok ? "\n" : $": {ResultText.Of(result)}\n");
                    return Result.Ok;
                }
            }
            """),
        ("Churn/Churn.csproj", DomainProject("<Compile Include=\"../Nest/Subsystem.cs\" />")),
        ("Churn/ChurnDomain.cs", """
            using System.Buffers.Binary;
            using Eros.Domains.Runtime;
            using Eros.Kernel.Protocol;
            using Nest;

            namespace Churn;

            [Domain]
            public sealed partial class ChurnDomain : Domain
            {
                [Capability]
                public partial ISpaceBank Bank { get; }

                [Capability]
                public partial ISchedule Schedule { get; }

                [Capability]
                public partial MappedPage Published { get; }

                protected override void Main()
                {
                    Subsystem subsystem = new(Bank, Schedule);
                    subsystem.Build(20);
                    subsystem.Upper.Destroy();
                    ulong used = subsystem.Used;
                    ulong wrong = 0;
                    for (ulong cycles = 1; ; cycles++)
                    {
                        bool isRight = subsystem.Build(20) == Result.Ok;
                        isRight &= subsystem.Upper.Destroy() == Result.Ok;
                        isRight &= subsystem.Used == used && subsystem.IsGone;
                        wrong += isRight ? 0UL : 1;
                        BinaryPrimitives.WriteUInt64LittleEndian(Published.Bytes, cycles);
                        BinaryPrimitives.WriteUInt64LittleEndian(Published.Bytes[8..], wrong);
                    }
                }
            }
            """),
        ("Wood/Wood.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Composition.props" />
              <ItemGroup>
                <ErosDomain Include="../Nest/Nest.csproj;../Churn/Churn.csproj" />
                <Compile Include="../Nest/*.cs;../Churn/*.cs" />
              </ItemGroup>
              <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
            </Project>
            """),
        ("Wood/Program.cs", """
            using Churn;
            using Eros.Domains.Composition;
            using Eros.Domains.Image;
            using Nest;

            return ImageCommand.Run(args, programs =>
            {
                StandardSystem system = new(programs);
                SystemBuilder builder = system.Builder;
                PageSource published = builder.NewPage();
                DomainHandle<ChurnDomain> churn =
                    builder.Add<ChurnDomain>("churn", new DomainOptions { Priority = 1 });
                churn.Bind(new ChurnDomain.Needs
                {
                    Bank = builder.AccountOf(churn),
                    Schedule = builder.Schedule(0),
                    Published = published,
                });
                DomainHandle<NestDomain> nest = builder.Add<NestDomain>("nest", new DomainOptions());
                nest.Bind(new NestDomain.Needs
                {
                    Bank = builder.AccountOf(nest),
                    Schedule = builder.Schedule(0),
                    ChurnsBank = builder.BankOf(churn),
                    Published = published.ReadOnly,
                });
                system.Programs.Add("nest", nest);
                return builder;
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
