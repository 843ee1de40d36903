// CrowdMemberDomain: invokes at random, with whatever its registers hold. It uses nothing of its run time for that: its
// registers and most of its memory may be anything after each invocation. Whoever has its process lets it begin again
// at the entry of a life.

using System.Runtime.CompilerServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.CrowdMember;

/// <summary>A member of the crowd.</summary>
[Domain]
public sealed unsafe partial class CrowdMemberDomain : Domain, ICrowdMember
{
    // Its window, a region behind its state; both in what is left to a domain.
    private const ulong Window = SpaceLayout.Own + (1UL << SpaceLayout.RegionLog2);
    private const int WindowPages = 3;
    private const int ReceiveShift = 36;
    private const int FieldBits = 5;

    /// <summary>This very process.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    /// <inheritdoc/>
    public Result Prepare(ulong seed, out ulong entry, out IProcess self)
    {
        for (ulong page = 0; page < WindowPages; page++)
        {
            *OwnMemory.At(Window + (page * MappedPage.SizeInBytes)) = 1;
        }

        uint* counts = Counts;
        for (int i = 0; i < CrowdState.Counts; i++)
        {
            counts[i] = 0;
        }

        *State = new CrowdState { Random = seed };
        entry = (ulong)(delegate*<void>)&Live;
        self = Self;
        return Result.Ok;
    }

    private static CrowdState* State => (CrowdState*)OwnMemory.At(SpaceLayout.Own);

    private static uint* Counts => (uint*)OwnMemory.At(SpaceLayout.Own + MappedPage.SizeInBytes);

    private static void Live()
    {
        CrowdState* state = State;
        for (int i = 0; i < CrowdTypes.RefilledPerLife; i++)
        {
            state->Changed &= ~(1UL << CrowdTypes.RefilledAt(state->Lives, i));
        }

        state->Lives++;
        while (true)
        {
            Once(state);
        }
    }

    // What is counted is counted before, where it shall survive the invocation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Once(CrowdState* state)
    {
        RandomInvocation random = new() { State = state->Random };
        random.Make(Window);
        state->Random = random.State;
        state->Invocations++;
        InvocationWord word = new(random.Control);
        int type = (state->Changed >> word.Invoked & 1) != 0
            ? CrowdTypes.Types
            : (int)CrowdTypes.Of(word.Invoked);
        ulong order = random.Order;
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            state->Changed |= 1UL << (int)(random.Control >> (ReceiveShift + (i * FieldBits)) & 31);
        }

        state->Changed &= ~1UL;
        MessageRegisters message = default;
        message.Control = random.Control;
        message.Order = order;
        message.Word1 = random.Word1;
        message.Word2 = random.Word2;
        message.Word3 = random.Word3;
        message.SendAddress = random.SendAddress;
        message.Lengths = random.Lengths;
        message.ReceiveAddress = random.ReceiveAddress;
        message.Invoke();
        if (word.Kind == InvocationKind.Call)
        {
            Counts[CrowdState.Place(type, order, (uint)message.Order)]++;
        }
    }
}
