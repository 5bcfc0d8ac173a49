using SimGraph.Replication.Node;

namespace SimGraph.Coyote.Tests.Zoom.Inbox;

/// <summary>The inbox itself.</summary>
internal sealed class RealInbox(int capacity) : IZoomedInbox
{
    private readonly ReplicaInbox _inbox = new(capacity);

    public bool TryPost(ReplicaEvent occurred) => _inbox.TryPost(occurred);

    public Task<bool> PostAsync(ReplicaEvent occurred, CancellationToken cancellationToken) => _inbox.PostAsync(occurred, cancellationToken);

    public void Wake() => _inbox.Wake();

    public void PostTick() => _inbox.PostTick();

    public bool TakeTick() => _inbox.TakeTick();

    public Task<bool> WaitAsync() => _inbox.WaitAsync(CancellationToken.None);

    public bool TryReceive(out ReplicaEvent occurred) => _inbox.TryReceive(out occurred);

    public void Close() => _inbox.Close();
}
