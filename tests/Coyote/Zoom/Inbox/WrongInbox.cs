using SimGraph.Replication.Node;
using SimGraph.Runtime.Concurrency;

namespace SimGraph.Coyote.Tests.Zoom.Inbox;

/// <summary>An inbox with a defect.</summary>
internal sealed class WrongInbox(int capacity, InboxDefect defect) : IZoomedInbox
{
    private readonly Mailbox<ReplicaEvent> _events = new(capacity);
    private int _wakePosted;
    private int _tickDue;

    public bool TryPost(ReplicaEvent occurred) => _events.TryPost(occurred) || (defect == InboxDefect.AcceptsWhenClosed && _events.IsClosed);

    public async Task<bool> PostAsync(ReplicaEvent occurred, CancellationToken cancellationToken)
    {
        if (TryPost(occurred))
        {
            return true;
        }

        bool accepted = await _events.PostAsync(occurred, cancellationToken);
        return accepted || defect == InboxDefect.LosesWhatWaitsForRoom;
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _wakePosted, 1) == 0)
        {
            _events.TryPost(default);
        }
    }

    public void PostTick()
    {
        Volatile.Write(ref _tickDue, 1);
        Wake();
    }

    public bool TakeTick()
    {
        if (defect != InboxDefect.WakeIsTakenWithItsEvent)
        {
            Interlocked.Exchange(ref _wakePosted, 0);
        }

        return Interlocked.Exchange(ref _tickDue, 0) == 1;
    }

    public async Task<bool> WaitAsync()
    {
        bool any = await _events.WaitToReceiveAsync(CancellationToken.None);
        if (defect == InboxDefect.WakeIsTakenWithItsEvent)
        {
            Interlocked.Exchange(ref _wakePosted, 0);
        }

        return any;
    }

    public bool TryReceive(out ReplicaEvent occurred) => _events.TryReceive(out occurred);

    public void Close() => _events.Close();
}
