// BustlingSystem: the standard system for those who pull its plug: with workers that keep every service in the middle
// of something. They are less urgent than all else, but for the one that takes checkpoints: that is more urgent than
// the services, and finds them wherever they are.

using Eros.Domains.Bustle;
using Eros.Domains.BustleWorker;
using Eros.Domains.Composition;
using Eros.Domains.Crowd;
using Eros.Domains.CrowdMember;
using Eros.Domains.Runtime;

namespace Eros.Domains.Image;

/// <summary>Foreman and workers.</summary>
internal static class BustlingSystem
{
    private const int WorkPriority = 0;
    private const int CrowdPriority = 1;
    private const int CrowdKeeperPriority = 9;
    private const int ForemanPriority = 8;
    private const int ClockPriority = 20;
    private const ulong Storage = 9000;

    public static void AddTo(StandardSystem system)
    {
        SystemBuilder builder = system.Builder;
        PageSource records = builder.NewPage();
        ConstructorHandle<BustleWorkerDomain> workers =
            builder.AddConstructor<BustleWorkerDomain, IBustleWorker>("bustle-worker");
        workers.Bind(new BustleWorkerDomain.Needs
        {
            Records = records,
            Self = new OwnProcess(),
            Sleep = builder.Sleep,
            Persistence = builder.Checkpoint,
            Schedule = builder.Schedule(WorkPriority),
            Pipes = system.Pipes,
            Directories = system.Directories,
            Multiplexers = system.EventMultiplexers,
            Copies = system.VirtualCopies,
        });

        DomainOptions options = new() { Priority = ForemanPriority, StorageLimit = Storage };
        DomainHandle<BustleDomain> foreman = builder.Add<BustleDomain>("bustle", options);
        foreman.Bind(new BustleDomain.Needs
        {
            Bank = builder.AccountOf(foreman),
            Workers = workers,
            Pipes = system.Pipes,
            Directories = system.Directories,
            Multiplexers = system.EventMultiplexers,
            Schedule = builder.Schedule(WorkPriority),
            Urgent = builder.Schedule(ClockPriority),
            Records = records,
            Sleep = builder.Sleep,
        });
        system.Programs.Add("bustle", foreman);
        AddCrowd(system);
    }

    // Hostile domains, for who asks for them; they may call what anybody may.
    private static void AddCrowd(StandardSystem system)
    {
        SystemBuilder builder = system.Builder;
        ConstructorHandle<CrowdMemberDomain> members =
            builder.AddConstructor<CrowdMemberDomain, ICrowdMember>("crowd-member");
        members.Bind(new CrowdMemberDomain.Needs { Self = new OwnProcess() });

        DomainOptions options = new() { Priority = CrowdKeeperPriority, StorageLimit = Storage };
        DomainHandle<CrowdDomain> keeper = builder.Add<CrowdDomain>("crowd", options);
        keeper.Bind(new CrowdDomain.Needs
        {
            Bank = builder.AccountOf(keeper),
            Members = members,
            Schedule = builder.Schedule(CrowdPriority),
            Sleep = builder.Sleep,
            Discrim = builder.Discrim,
            ProcessTool = builder.ProcessTool,
            Pipes = system.Pipes,
            Copies = system.VirtualCopies,
            Creators = system.ProcessCreators,
            MetaConstructors = system.MetaConstructor,
            Keeper = keeper,
        });
        system.Programs.Add("crowd", keeper);
    }
}
