using SimGraph.Replication.Node;

namespace SimGraph.Coyote.Tests.Zoom.Inbox;

/// <summary>An inbox, or one that breaks its promises.</summary>
internal interface IZoomedInbox
{
    /// <summary>Adds an event if there is room.</summary>
    bool TryPost(ReplicaEvent occurred);

    /// <summary>Adds an event, waiting for room.</summary>
    Task<bool> PostAsync(ReplicaEvent occurred, CancellationToken cancellationToken);

    /// <summary>Asks for a turn.</summary>
    void Wake();

    /// <summary>A tick is due.</summary>
    void PostTick();

    /// <summary>Takes the due tick.</summary>
    bool TakeTick();

    /// <summary>Waits for the next turn.</summary>
    Task<bool> WaitAsync();

    /// <summary>Takes an event.</summary>
    bool TryReceive(out ReplicaEvent occurred);

    /// <summary>Refuses new events.</summary>
    void Close();
}
