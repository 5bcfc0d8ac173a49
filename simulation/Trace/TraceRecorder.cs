// The trace: typed events with virtual time, machine, task and cause. The rolling hash is always on and covers kinds, machines and numbers; text is kept only
// while somebody listens, because formatting costs more than the run.

using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Trace;

/// <summary>Takes the events of a run: folds them into its hash, and hands them to a listener if there is one.</summary>
public sealed class TraceRecorder
{
    internal const long CheckpointMask = 1023;
    private const int CheckpointsMax = 4096;
    private readonly World _world;
    private readonly Action<TraceRecord>? _listener;
    private readonly Coverage? _coverage;
    private readonly List<HashCheckpoint> _checkpoints = [];
    private long _checkpointInterval = CheckpointMask + 1;
    private long _number;

    internal TraceRecorder(World world, Action<TraceRecord>? listener)
    {
        _world = world;
        _listener = listener;
        _coverage = world.Options.Coverage;
    }

    /// <summary>True when events are handed to a listener, so that text is worth formatting.</summary>
    public bool IsRecording => _listener is not null;

    /// <summary>Hashes at regular steps; the interval doubles when there are too many.</summary>
    public IReadOnlyList<HashCheckpoint> Checkpoints => _checkpoints;

    /// <summary>Records an event. Format <paramref name="text"/> only if <see cref="IsRecording"/>.</summary>
    public void Emit(TraceKind kind, Machine? machine, long first = 0, long second = 0, string? text = null)
    {
        Scheduler scheduler = _world.Scheduler;
        scheduler.Fold(((ulong)kind << 48) ^ ((ulong)(uint)(machine?.Index ?? 0) << 40) ^ (ulong)scheduler.NowTicks);
        scheduler.Fold((ulong)first ^ ((ulong)second << 32));
        _coverage?.Visit(machine?.Index ?? 0, CoveragePlace.Event, (int)kind);
        Publish(kind, machine, first, second, text);
    }

    /// <summary>Adds free text, which is not part of the hash. Call it only if <see cref="IsRecording"/>.</summary>
    public void Note(Machine? machine, string topic, string text) => Publish(TraceKind.Note, machine, 0, 0, $"{topic}: {text}");

    internal void AddCheckpoint(long step, ulong hash)
    {
        if (step % _checkpointInterval != 0)
        {
            return;
        }

        _checkpoints.Add(new HashCheckpoint(step, hash));
        if (_checkpoints.Count >= CheckpointsMax)
        {
            _checkpointInterval *= 2;
            _checkpoints.RemoveAll(checkpoint => checkpoint.Step % _checkpointInterval != 0);
        }
    }

    private void Publish(TraceKind kind, Machine? machine, long first, long second, string? text)
    {
        Scheduler scheduler = _world.Scheduler;
        long number = ++_number;
        _listener?.Invoke(new TraceRecord(
            number, scheduler.CurrentCause, _world.Now, scheduler.Steps, machine?.Name ?? "world", scheduler.Current?.Path, kind, first, second, text));
        scheduler.CurrentCause = number;
    }
}
