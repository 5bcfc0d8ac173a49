using SimGraph.Replication.Fanout.Wire;
using SimGraph.Runtime.Messaging;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Sends what the feed brings over every PUB: the one that binds, and those that connect out to further data centres.</summary>
internal sealed class PublishLoop(PublishFeed feed, IReadOnlyList<IMessageSocket> publishers, int self, ReadOnlyMemory<byte> topic)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await feed.WaitAsync(cancellationToken))
        {
            while (feed.TryTake(out FeedItem item))
            {
                await SendAsync(
                    item.Entry is { } entry ? new EntryMessage(self, entry).Encode() : new BeatMessage(self, item.Last).Encode(), cancellationToken);
            }
        }
    }

    private async Task SendAsync(byte[] payload, CancellationToken cancellationToken)
    {
        var message = new Message(topic, payload);
        foreach (IMessageSocket publisher in publishers)
        {
            await publisher.SendAsync(message, cancellationToken);
        }
    }
}
