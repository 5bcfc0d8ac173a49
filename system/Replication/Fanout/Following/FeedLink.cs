// The sockets with which a replica follows one member: a SUB for entries, a DEALER for reports and requests. Each has one task that receives; the loop alone sends. Closing
// ends the tasks first, then the sockets.

using System.Text;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>Connects a read replica with a source. Owned by the replica's loop.</summary>
internal sealed class FeedLink
{
    private readonly ReadReplicaOptions _options;
    private readonly byte[] _topic;
    private readonly int _number;
    private readonly Mailbox<FollowInput> _inbox;
    private readonly FanoutCounters _counters;
    private readonly TaskScope _scope;
    private readonly IMessageSocket _subscriber;
    private readonly IMessageSocket _dealer;

    private FeedLink(
        IPlatform platform, ReadReplicaOptions options, FanoutSource source, int number, Mailbox<FollowInput> inbox, FanoutCounters counters, TaskScope owner)
    {
        _options = options;
        _topic = FanoutTopic.Of(options.ClusterId);
        _number = number;
        _inbox = inbox;
        _counters = counters;
        Source = source;
        OpenedAt = platform.Clock.Elapsed();
        _scope = owner.CreateChild("link");
        var sockets = new MessageSocketOptions { SendHighWaterMark = options.HighWaterMark, ReceiveHighWaterMark = options.HighWaterMark };
        _subscriber = platform.Messaging.Open(MessageSocketKind.Subscriber, sockets);
        _dealer = platform.Messaging.Open(MessageSocketKind.Dealer, sockets with { Identity = Encoding.UTF8.GetBytes($"r/{options.Name}") });
    }

    /// <summary>The member.</summary>
    public FanoutSource Source { get; }

    /// <summary>When it was opened.</summary>
    public TimeSpan OpenedAt { get; }

    /// <summary>Opens one. Leaves nothing open when it fails.</summary>
    /// <exception cref="Runtime.Network.NetworkException">The address cannot be bound.</exception>
    public static async Task<FeedLink> OpenAsync(
        IPlatform platform,
        ReadReplicaOptions options,
        FanoutSource source,
        int number,
        Mailbox<FollowInput> inbox,
        FanoutCounters counters,
        TaskScope owner,
        CancellationToken cancellationToken)
    {
        var link = new FeedLink(platform, options, source, number, inbox, counters, owner);
        try
        {
            await link.BeginAsync(cancellationToken);
            return link;
        }
        catch
        {
            await link.CloseAsync();
            throw;
        }
    }

    /// <summary>Sends to the member, if that is possible now.</summary>
    public async Task SendAsync(byte[] payload, CancellationToken cancellationToken) =>
        await _dealer.TrySendAsync(new Message(payload), cancellationToken);

    /// <summary>Ends the tasks and the sockets.</summary>
    public async Task CloseAsync()
    {
        try
        {
            await _scope.StopAsync(_options.StopLimit);
        }
        finally
        {
            await _subscriber.DisposeAsync();
            await _dealer.DisposeAsync();
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        await _subscriber.SubscribeAsync(_topic, cancellationToken);
        if (_options.BindAddress is { } address)
        {
            await _subscriber.BindAsync(address, cancellationToken);
        }
        else
        {
            await _subscriber.ConnectAsync(Source.PublishAddress, cancellationToken);
        }

        await _dealer.ConnectAsync(Source.ControlAddress, cancellationToken);
        _scope.Run("subscribe", ReceiveEntriesAsync);
        _scope.Run("control", ReceiveAnswersAsync);
    }

    private async Task ReceiveEntriesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Message message = await _subscriber.ReceiveAsync(cancellationToken);
            if (message.Count != 2 || !message[0].Span.SequenceEqual(_topic))
            {
                _counters.Malformed();
            }
            else if (!await _inbox.PostAsync(new FollowInput(message[1], IsControl: false, _number, null), cancellationToken))
            {
                return;
            }
        }
    }

    private async Task ReceiveAnswersAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Message message = await _dealer.ReceiveAsync(cancellationToken);
            if (message.Count != 1)
            {
                _counters.Malformed();
            }
            else if (!await _inbox.PostAsync(new FollowInput(message[0], IsControl: true, _number, null), cancellationToken))
            {
                return;
            }
        }
    }
}
