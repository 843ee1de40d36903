using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Makes random changes to the objects of some frames, on the machine and on its model alike.</summary>
public sealed class ObjectChanger(ulong[] frames)
{
    private const int MostWords = 4;

    /// <summary>Of a hundred choices.</summary>
    private const int FirstPin = 97;

    private readonly ulong[] _frames = frames;

    /// <summary>The frames that are ever used.</summary>
    public ReadOnlySpan<ulong> Frames => _frames;

    /// <summary>Any of the frames.</summary>
    public ulong Choose(SeededRandom random) => _frames[random.Below(_frames.Length)];

    /// <summary>A step in which any object is changed. False when it has to wait for space or memory.</summary>
    public bool Change(SimulatedMachine machine, SeededRandom random)
    {
        using StepScope step = machine.History.Begin();
        return step.IsDone && Change(machine, random, Choose(random));
    }

    /// <summary>One change of an object of that frame. False when it has to wait.</summary>
    public bool Change(SimulatedMachine machine, SeededRandom random, ulong frame)
    {
        int entry = machine.Entry(frame);
        if (entry == FrameTable.None || !machine.MakeDirty(entry))
        {
            machine.History.Tell($"frame {frame} can't be changed just now");
            return false;
        }

        ModelState now = machine.Model.Now;
        now.TimeNs++;
        FrameModel model = now[frame];
        int choice = random.Below(100);
        now.Frames[frame] = model.Kind switch
        {
            FrameKind.Free => Retype(machine, entry, model, random),
            _ when choice < 12 => Retype(machine, entry, model, random),
            _ when choice < 30 => Rescind(machine, entry, model, random),
            FrameKind.Page when choice < 38 => Zero(machine, entry, model),
            FrameKind.Page => WriteWords(machine, entry, model, random, 0, FrameModel.Words),
            FrameKind.Pot => WriteNode(machine, entry, model, random),
            _ => WriteProcess(machine, entry, model, random),
        };
        if (choice >= FirstPin)
        {
            Pin(machine, entry, now, frame);
        }

        SetRunning(now, frame, random);
        string what = choice < 12 || model.Kind == FrameKind.Free ? "becomes another kind"
            : choice < 30 ? "is rescinded"
            : "is written";
        machine.History.Tell($"{model.Kind} {frame} {what}{(choice >= FirstPin ? ", and (un)pinned" : "")}");
        return true;
    }

    private static FrameModel Retype(SimulatedMachine machine, int entry, FrameModel model, SeededRandom random)
    {
        FrameKind kind = model.Kind;
        while (kind == model.Kind)
        {
            kind = (FrameKind)(1 + random.Below(3));
        }

        machine.Frames.Create(entry, kind, 0);
        return model.Retyped(kind);
    }

    private static FrameModel Rescind(SimulatedMachine machine, int entry, FrameModel model, SeededRandom random)
    {
        if (model.Kind != FrameKind.Pot)
        {
            machine.Frames.Rescind(entry, 0);
            return model.Rescinded();
        }

        // All nodes of a pot at times, so that void pots with equal versions occur.
        int first = random.Below(2 * NodePot.NodeCount);
        int last = first < NodePot.NodeCount ? first : NodePot.NodeCount - 1;
        for (int node = first < NodePot.NodeCount ? first : 0; node <= last; node++)
        {
            machine.Frames.Rescind(entry, node);
            model = model.Rescinded(node);
        }

        return model;
    }

    /// <summary>What is pinned is no more, and the other way round.</summary>
    private static void Pin(SimulatedMachine machine, int entry, ModelState now, ulong frame)
    {
        FrameModel model = now[frame];
        machine.Frames.SetPinned(entry, !model.IsPinned);
        now.Frames[frame] = model.Pinned(!model.IsPinned);
    }

    private static FrameModel Zero(SimulatedMachine machine, int entry, FrameModel model)
    {
        machine.Words(entry).Clear();
        return model.Cleared(0, FrameModel.Words);
    }

    private static FrameModel WriteNode(SimulatedMachine machine, int entry, FrameModel model, SeededRandom random)
    {
        int node = random.Below(NodePot.NodeCount);
        int slots = FrameModel.NodeWord(node) + 4;
        return WriteWords(machine, entry, model, random, slots, FrameModel.NodeWord(node + 1));
    }

    private static FrameModel WriteProcess(SimulatedMachine machine, int entry, FrameModel model, SeededRandom random)
    {
        ref ProcessFrame process = ref machine.Frames.Process(entry);
        process.CallCount++;
        process.Rip = random.Next();
        process.RunState = (RunState)random.Below(5);
        const int RipWord = 24;
        model = model.With(
            (FrameModel.CallCountWord, process.CallCount),
            (RipWord, process.Rip),
            (FrameModel.ProcessVersionWord, model.Version | ((ulong)process.RunState << 32)));
        const int VectorWord = ProcessFrame.VectorStateOffset / sizeof(ulong);
        return WriteWords(machine, entry, model, random, VectorWord, FrameModel.Words);
    }

    private static FrameModel WriteWords(
        SimulatedMachine machine, int entry, FrameModel model, SeededRandom random, int from, int to)
    {
        Span<ulong> words = machine.Words(entry);
        Span<(int, ulong)> changes = stackalloc (int, ulong)[MostWords];
        int count = 1 + random.Below(MostWords);
        for (int i = 0; i < count; i++)
        {
            int word = from + random.Below(to - from);
            ulong value = random.Chance(20) ? 0 : random.Next();
            words[word] = value;
            changes[i] = (word, value);
        }

        return model.With(changes[..count]);
    }

    private static void SetRunning(ModelState now, ulong frame, SeededRandom random)
    {
        if (now[frame].Kind != FrameKind.Process)
        {
            now.Running.Remove(frame);
        }
        else if (random.Chance(50))
        {
            now.Running.Add(frame);
        }
    }
}
