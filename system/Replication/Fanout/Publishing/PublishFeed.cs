// From the node's event loop to the task that publishes. The loop never waits: what does not fit is not published, and every subscriber finds the hole by its
// number. A beat goes the same way as the entries, so that it never overtakes them.

using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>Applied entries that wait to be published, in order. Thread-safe, one reader.</summary>
internal sealed class PublishFeed(int entriesMax, IProbes probes)
{
    private readonly object _gate = new();
    private readonly Mailbox<FeedItem> _items = new(entriesMax);
    private LogPosition _last;
    private long _overruns;

    /// <summary>The last entry that was applied.</summary>
    public LogPosition Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Entries that did not fit.</summary>
    public long Overruns => Interlocked.Read(ref _overruns);

    /// <summary>An entry was applied.</summary>
    public void Add(LogEntry entry)
    {
        var position = new LogPosition(entry.Index, entry.Term);
        if (!_items.TryPost(new FeedItem(entry, position)) && !_items.IsClosed)
        {
            Interlocked.Increment(ref _overruns);
            probes.Reachable("fanout.publisher-overrun");
        }

        // Behind the entry, so that no beat speaks of an entry that is still to come behind it.
        JumpTo(position);
    }

    /// <summary>The state is at a position without the entries before it having been applied here.</summary>
    public void JumpTo(LogPosition position)
    {
        lock (_gate)
        {
            _last = position;
        }
    }

    /// <summary>A beat is due. One that does not fit is not missed: entries are under way.</summary>
    public void AddBeat() => _items.TryPost(new FeedItem(null, Last));

    /// <summary>Waits for the next item; false when closed and empty.</summary>
    public Task<bool> WaitAsync(CancellationToken cancellationToken) => _items.WaitToReceiveAsync(cancellationToken);

    /// <summary>Takes an entry or a beat.</summary>
    public bool TryTake(out FeedItem item) => _items.TryReceive(out item);

    /// <summary>Takes nothing more.</summary>
    public void Close() => _items.Close();
}
