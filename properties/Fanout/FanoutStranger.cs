// A publisher of a newer program, as there is one in the middle of an upgrade: what it publishes comes at the index and term that each read replica waits for, in a kind
// that this program does not know. It answers nothing, so that replicas leave it again. Fault model: a peer that is not wrong, and not understood.

using SimGraph.Replication.Fanout;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Fanout;

/// <summary>The machine and its program.</summary>
internal sealed class FanoutStranger(Machine machine, NetworkAddress address, string clusterId, IReadOnlyList<FanoutFollower> followers)
{
    private const LogEntryKind Unknown = (LogEntryKind)200;
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    public Machine Machine => machine;

    public void Boot() => machine.Boot(RunAsync);

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        await using IMessageSocket socket = platform.Messaging.Open(MessageSocketKind.Publisher, new MessageSocketOptions());
        byte[] topic = FanoutTopic.Of(clusterId);
        try
        {
            await socket.BindAsync(address, stop);
            while (true)
            {
                await platform.Clock.DelayAsync(PublishInterval, stop);
                foreach (FanoutFollower follower in followers)
                {
                    LogPosition applied = follower.Replica?.Status.Applied ?? default;
                    byte[] entry = new EntryMessage(0, new LogEntry(applied.Index + 1, applied.Term, Unknown, default)).Encode();
                    await socket.SendAsync(new Message(topic, entry), stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the run.
        }
    }
}
