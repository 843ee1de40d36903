// CrowdMemberDomain: invokes at random, with whatever its registers hold. Now and then it tries every order with one of
// them, and often so when something has come into it. It uses nothing of its run time for that: its registers and most
// of its memory may be anything after each invocation. Whoever has its process lets it begin again at the entry of a
// life.

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
    private const int ViewBytes = 0x5000;

    // Of so many invocations, one begins to try every order; and one string comes to bystanders' memory, and one time
    // it is written.
    private const int OneTries = 24;
    private const int OneLooksOn = 3;
    private const int OneWrites = 40;
    private const byte LastTried = 14;

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
        for (int i = 0; i < CrowdWares.RefilledBefore(state->Lives); i++)
        {
            int register = CrowdWares.RefilledAt(state->Lives, i, out int ware);
            state->Held[register] = (byte)ware;
        }

        state->Lives++;
        state->SuspectWare = 0;
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
        Direct(state, ref random);
        bool isWrite = random.Below(OneWrites) == 0;
        ulong view = View(ref random);
        state->Random = random.State;
        state->Invocations++;
        InvocationWord word = new(random.Control);
        int ware = state->Held[word.Invoked];
        int brought = Receive(state, word);
        if (isWrite)
        {
            *OwnMemory.At(view) = (byte)view;
        }

        MessageRegisters message = default;
        message.Control = random.Control;
        message.Order = random.Order;
        message.Word1 = random.Word1;
        message.Word2 = random.Word2;
        message.Word3 = random.Word3;
        message.SendAddress = random.SendAddress;
        message.Lengths = random.Lengths;
        message.ReceiveAddress = random.ReceiveAddress;
        message.Invoke();
        if (word.Kind == InvocationKind.Call)
        {
            Judge(state, in random, ware, brought, message.Order);
        }
    }

    // Every order in turn with one register, if that is what is being done; at times, strings come to where bystanders'
    // memory is seen.
    private static void Direct(CrowdState* state, ref RandomInvocation random)
    {
        if (random.Below(OneLooksOn) == 0)
        {
            random.ReceiveAddress = View(ref random);
        }

        if (state->Target == 0)
        {
            bool isChosen = state->Next == 0 && random.Below(OneTries) == 0;
            state->Target = isChosen ? (byte)(1 + random.Below(CrowdWares.Registers - 1)) : state->Next;
            state->Tried = 0;
            state->Next = 0;
        }

        if (state->Target != 0)
        {
            InvocationWord word = new(random.Control);
            uint send = InvocationWord.Registers(
                word.SendRegister(0), word.SendRegister(1), word.SendRegister(2), word.SendRegister(3));
            int receive = random.Below(CrowdWares.Registers);
            random.Control = new InvocationWord(
                InvocationKind.Call,
                state->Target,
                send,
                receive == state->Target ? 0 : InvocationWord.Registers(receive)).Value;
            random.Order = ++state->Tried;
            state->Target = state->Tried == LastTried ? (byte)0 : state->Target;
        }
    }

    private static ulong View(ref RandomInvocation random) =>
        ((1 + (ulong)random.Below(CrowdWares.Views.Length)) << CrowdWares.ViewLog2) + (ulong)random.Below(ViewBytes);

    // What an answer, or anything else, brings is unknown. Returns the register for the first.
    private static int Receive(CrowdState* state, InvocationWord word)
    {
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            state->Held[word.ReceiveRegister(i)] = CrowdWares.Unknown;
        }

        return word.ReceiveRegister(0);
    }

    private static void Judge(CrowdState* state, in RandomInvocation sent, int ware, int brought, ulong result)
    {
        int type = ware == CrowdWares.Unknown ? CrowdWares.Types : (int)CrowdWares.TypeOf(ware);
        Counts[CrowdState.Place(type, sent.Order, (uint)result)]++;
        if (result != (ulong)Result.Ok)
        {
            return;
        }

        state->Next = brought != 0 ? (byte)brought : state->Next;
        if (state->SuspectWare == 0 && Refusals.IsRefused(ware, sent.Order, sent.Word1, sent.Word2))
        {
            state->SuspectOrder = sent.Order;
            state->SuspectWord1 = sent.Word1;
            state->SuspectWord2 = sent.Word2;
            state->SuspectWare = ware;
        }
    }
}
