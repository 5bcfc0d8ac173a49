using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Fanout;

/// <summary>A member that publishes: the machine and its program.</summary>
internal sealed class FanoutMember(Machine machine, ReplicaOptions options, PublisherOptions publishing, FanoutChecker checker)
{
    public Machine Machine => machine;

    /// <summary>The state that the running process applies to.</summary>
    public ReplicatedStateMachine? State { get; private set; }

    /// <summary>The running publisher.</summary>
    public CommittedPublisher? Publisher { get; private set; }

    public string Describe() => machine.IsOn ? $"{machine.Name}: {State?.AppliedIndex}" : $"{machine.Name}: off";

    public void Boot()
    {
        State = null;
        Publisher = null;
        machine.Boot(RunAsync);
    }

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var publisher = new CommittedPublisher(platform, publishing);
        var node = new ReplicaNode(platform, options, publisher.Tap(new Observer(this)));
        Publisher = publisher;
        Exception? failure = null;
        try
        {
            await node.StartAsync(stop);
            await publisher.StartAsync(node, stop);
            await HostedPrograms.UntilEitherAsync(node.Completion, stop);
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
        if (random.Next(4) == 0)
        {
            // The other order must be safe too: the publisher then asks a node that is gone.
            await node.StopAsync();
        }

        await HostedPrograms.StopAsync(publisher.StopAsync, random);
        await node.StopAsync();
        if (failure is not null)
        {
            throw failure;
        }
    }

    private sealed class Observer(FanoutMember member) : IReplicaObserver
    {
        public void Started(HardState hard, LogPosition last, ReplicatedStateMachine state)
        {
            member.State = state;
            member.Reached();
        }

        public void RoleChanged(ConsensusRole role, ulong term, NodeId? leader)
        {
        }

        public void Committed(LogEntry entry)
        {
        }

        public void Applied(LogEntry entry, ReplicatedStateMachine state) => member.Reached();

        public void StateFlushed(LogPosition position)
        {
        }

        public void SnapshotInstalled(LogPosition position, ReplicatedStateMachine state)
        {
            member.State = state;
            member.Reached();
        }
    }

    private void Reached() => checker.Reached(machine.Name, State!, isMember: true);
}
