// The ROUTER of a publisher: what replicas say comes in by one task, every answer goes out by another. Reports are answered at once, from memory; what takes longer is
// for the catch-up desk, so that a replica that needs a whole state never delays the health of the others.

using System.Text;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Receives reports and requests, sends answers.</summary>
internal sealed class ControlDesk(
    IPlatform platform, IMessageSocket router, PublishFeed feed, HealthMonitor monitor, CatchUpDesk catchUps, Mailbox<Message> replies, FanoutCounters counters)
{
    private static readonly byte[] ReplicaPrefix = "r/"u8.ToArray();

    /// <summary>Takes what replicas say.</summary>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Message message = await router.ReceiveAsync(cancellationToken);
            try
            {
                Receive(message);
            }
            catch (ProtocolException)
            {
                counters.Malformed();
            }
        }
    }

    /// <summary>Sends the answers of all desks.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        while (await replies.WaitToReceiveAsync(cancellationToken))
        {
            while (replies.TryReceive(out Message reply))
            {
                if (await router.SendAsync(reply, cancellationToken) != SendOutcome.Queued)
                {
                    // Whoever waits for it asks again.
                    platform.Probes.Reachable("fanout.reply-dropped");
                    counters.ReplyDropped();
                }
            }
        }
    }

    private void Receive(Message message)
    {
        if (message.Count != 2 || !message[0].Span.StartsWith(ReplicaPrefix))
        {
            throw new ProtocolException("not of a read replica");
        }

        ReadOnlyMemory<byte> payload = message[1];
        switch (FanoutReader.KindOf(payload.Span))
        {
            case FanoutKind.Report:
                Answer(message[0], ReportMessage.Decode(payload.Span));
                break;
            case FanoutKind.CatchUp:
                var wanted = CatchUpRequest.Decode(payload.Span);
                Add(new CatchUpJob(message[0], wanted.Request, wanted.FromIndex, Chunk: 0));
                break;
            case FanoutKind.NextChunk:
                var next = NextChunkRequest.Decode(payload.Span);
                Add(new CatchUpJob(message[0], next.Request, FromIndex: 0, next.Number));
                break;
            default:
                throw new ProtocolException("not for a publisher");
        }
    }

    private void Answer(ReadOnlyMemory<byte> replica, ReportMessage report)
    {
        string name = Encoding.UTF8.GetString(replica.Span[ReplicaPrefix.Length..]);
        if (name.Length == 0)
        {
            throw new ProtocolException("a replica without a name");
        }

        ulong last = feed.Last.Index;
        TimeSpan now = platform.Clock.Elapsed();
        monitor.Published(last, now);
        (ReplicaHealth before, ReplicaStanding after) = monitor.Heard(name, report.Applied.Index, now);
        platform.Probes.Sometimes(before == ReplicaHealth.Unhealthy && after.Health != ReplicaHealth.Unhealthy, "fanout.unhealthy-replica-back");
        platform.Probes.Always(after.IndexesBehind <= last, "fanout.lag-within-log");
        platform.Probes.Always(after.Health != ReplicaHealth.Unhealthy, "fanout.heard-just-now-is-not-unhealthy");
        replies.TryPost(new Message(replica, new StandingMessage(report.Number, last, after.Health).Encode()));
    }

    private void Add(CatchUpJob job)
    {
        if (!catchUps.TryAdd(job))
        {
            replies.TryPost(new Message(job.Replica, new RefusalMessage(job.Request, RefusalReason.Busy).Encode()));
        }
    }
}
