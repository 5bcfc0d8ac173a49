using SimGraph.Cluster.Discovery;

namespace SimGraph.Replication.Discovery;

/// <summary>Is told what changes among the members.</summary>
public interface IDiscoveryObserver
{
    /// <summary>
    /// Something changed. Called by one task, one event at a time, in the order of the changes, and never again once a stop has returned. To be quick; it may
    /// ask the service, and must not wait for its stop. An exception ends the callbacks and is reported as a failure of their task.
    /// </summary>
    void Changed(MemberEvent change);
}
