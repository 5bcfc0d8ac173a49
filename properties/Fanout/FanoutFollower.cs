using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Fanout;

/// <summary>A read replica: the machine, its program, and a reader that asks it all the time.</summary>
internal sealed class FanoutFollower(World world, Machine machine, ReadReplicaOptions options, FanoutChecker checker, IReadOnlyList<WriterHistory> writers)
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(200);

    public Machine Machine => machine;

    /// <summary>The running replica.</summary>
    public ReadReplica? Replica { get; private set; }

    /// <summary>What the running process has applied.</summary>
    public ulong AppliedIndex { get; private set; }

    /// <summary>What any of its processes has applied.</summary>
    public ulong HighestIndex { get; private set; }

    /// <summary>The last answers to the reader: what each writer's counter was, and of which state.</summary>
    public IReadOnlyList<(ulong At, long Value)> Answers { get; private set; } = [];

    public string Describe() => machine.IsOn ? $"{machine.Name}: {Replica?.Status.ToString() ?? "starting"}" : $"{machine.Name}: off";

    public void Boot()
    {
        Replica = null;
        AppliedIndex = 0;
        Answers = [];
        machine.Boot(RunAsync);
    }

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var replica = new ReadReplica(platform, options, new Observer(this));
        var reader = new TaskScope(platform.Tasks, "reader");
        Exception? failure = null;
        try
        {
            await replica.StartAsync(stop);
            Replica = replica;
            reader.Run("read", token => ReadAsync(platform, replica, token));
            await HostedPrograms.UntilEitherAsync(replica.Completion, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop while starting.
        }
#pragma warning disable CA1031 // Thrown again below, once everything has been stopped as any host would stop it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        Random random = platform.Random.Get("program.stop");
        if (random.Next(2) == 0)
        {
            // Answers to a reader that still asks.
            await HostedPrograms.StopAsync(replica.StopAsync, random);
        }

        await reader.StopAsync();
        await replica.StopAsync();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private async Task ReadAsync(IPlatform platform, ReadReplica replica, CancellationToken cancellationToken)
    {
        ulong last = 0;
        while (true)
        {
            await platform.Clock.DelayAsync(AskInterval, cancellationToken);
            var answers = new List<(ulong At, long Value)>();
            foreach (WriterHistory writer in writers)
            {
                ReplicaAnswer? answer = await TryAskAsync(replica, writer, cancellationToken);
                if (answer is null)
                {
                    return;
                }

                if (answer.At.Index < last)
                {
                    world.Fail(ViolationClass.Safety, "fanout.answers-went-back", $"{machine.Name} answered at {last}, then at {answer.At.Index}");
                }

                last = answer.At.Index;
                answers.Add((last, writer.Read(machine.Name, answer)));
            }

            Answers = answers;
        }
    }

    private static async Task<ReplicaAnswer?> TryAskAsync(ReadReplica replica, WriterHistory writer, CancellationToken cancellationToken)
    {
        try
        {
            return await replica.AskAsync(writer.Query, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private void Reached(ReplicatedStateMachine state)
    {
        AppliedIndex = state.AppliedIndex;
        HighestIndex = Math.Max(HighestIndex, AppliedIndex);
        checker.Reached(machine.Name, state, isMember: false);
    }

    private sealed class Observer(FanoutFollower follower) : IReadReplicaObserver
    {
        public void Started(ReplicatedStateMachine state) => follower.Reached(state);

        public void Applied(LogEntry entry, ReplicatedStateMachine state)
        {
            if (entry.Index != follower.AppliedIndex + 1)
            {
                follower.Fail(entry.Index);
            }

            follower.Reached(state);
        }

        public void StateInstalled(LogPosition position, ReplicatedStateMachine state) => follower.Reached(state);
    }

    private void Fail(ulong index) => world.Fail(
        ViolationClass.Safety, "fanout.not-in-order", $"{machine.Name} applied entry {index} behind entry {AppliedIndex}");
}
