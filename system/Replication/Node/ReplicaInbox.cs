using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Probes;

namespace SimGraph.Replication.Node;

/// <summary>The event loop's queue. A full queue makes those who post wait, and with them the connections they read from. Thread-safe, one reader.</summary>
internal sealed class ReplicaInbox
{
    private readonly Mailbox<ReplicaEvent> _events;
    private readonly IInputLog? _inputs;
    private int _wakePosted;
    private int _tickDue;

    /// <param name="capacity">Events that may wait.</param>
    /// <param name="inputs">Is told what is posted; null if nobody listens.</param>
    public ReplicaInbox(int capacity, IInputLog? inputs = null)
    {
        _events = new Mailbox<ReplicaEvent>(capacity);
        _inputs = inputs;
        inputs?.Asked("open", null, new InputArgument("capacity", [capacity]));
    }

    /// <summary>Events waiting.</summary>
    public int Count => _events.Count;

    /// <summary>True once closed.</summary>
    public bool IsClosed => _events.IsClosed;

    /// <summary>Adds an event if there is room; false when full or closed.</summary>
    public bool TryPost(in ReplicaEvent occurred)
    {
        bool accepted = _events.TryPost(occurred);
        _inputs?.Asked("try-post", null, new InputArgument("kind", [(long)occurred.Kind]), new InputArgument("accepted", [accepted ? 1 : 0]));
        return accepted;
    }

    /// <summary>Adds an event, waiting for room; false when closed.</summary>
    public Task<bool> PostAsync(ReplicaEvent occurred, CancellationToken cancellationToken)
    {
        Task<bool> post = WaitToPostAsync(occurred, cancellationToken);
        _inputs?.Asked("post", post, new InputArgument("kind", [(long)occurred.Kind]));
        return post;
    }

    /// <summary>Makes the loop look at the flags outside the queue. Any number of calls before it does so count once.</summary>
    public void Wake()
    {
        WakeLoop();
        _inputs?.Asked("wake", null);
    }

    /// <summary>A tick of the clock is due. A loop that is late gets one tick, not all it missed: time spent on a slow disk is no silence of the leader.</summary>
    public void PostTick()
    {
        Volatile.Write(ref _tickDue, 1);
        WakeLoop();
        _inputs?.Asked("tick", null);
    }

    /// <summary>
    /// Takes the due tick, if there is one. Call it when the turn has received what was there, before it looks at other flags: a <see cref="Wake"/> from here on starts
    /// another turn. Were that so from the beginning of the turn, it might receive the event of such a wake, and later wakes would take that event for still waiting.
    /// </summary>
    public bool TakeTick()
    {
        Interlocked.Exchange(ref _wakePosted, 0);
        return Interlocked.Exchange(ref _tickDue, 0) == 1;
    }

    /// <summary>Waits for the next turn; false when closed and empty.</summary>
    public Task<bool> WaitAsync(CancellationToken cancellationToken) => _events.WaitToReceiveAsync(cancellationToken);

    /// <summary>Takes an event.</summary>
    public bool TryReceive(out ReplicaEvent occurred) => _events.TryReceive(out occurred);

    /// <summary>Refuses new events; those inside can still be received.</summary>
    public void Close()
    {
        _events.Close();
        _inputs?.Asked("close", null);
    }

    private async Task<bool> WaitToPostAsync(ReplicaEvent occurred, CancellationToken cancellationToken) =>
        _events.TryPost(occurred) || await _events.PostAsync(occurred, cancellationToken);

    private void WakeLoop()
    {
        if (Interlocked.Exchange(ref _wakePosted, 1) == 0)
        {
            // A refusal needs no care: a full queue means that the loop has a turn to come, a closed one that it ends.
            _events.TryPost(default);
        }
    }
}
