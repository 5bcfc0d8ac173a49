using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>
/// Writes that a leader only accepted. They may be lost, so the history calls them unknown; but where the entry that the answer named is committed, it must be this very write.
/// </summary>
internal sealed class AcceptedWrites(World world)
{
    private readonly List<(ulong Session, ulong Request, LogPosition Position)> _accepted = [];
    private readonly Dictionary<LogPosition, (ulong Session, ulong Request)> _committed = [];

    /// <summary>A client was told that the leader has its write.</summary>
    public void Accepted(ulong session, ulong request, LogPosition position)
    {
        _accepted.Add((session, request, position));
        world.Count("client.writes-accepted");
    }

    /// <summary>The log has a new committed write.</summary>
    public void Committed(LogPosition position, ulong session, ulong request) => _committed.Add(position, (session, request));

    /// <summary>Looks where every accepted write went, once nothing more is committed.</summary>
    public void Audit(ulong newest)
    {
        foreach ((ulong session, ulong request, LogPosition position) in _accepted)
        {
            if (_committed.TryGetValue(position, out (ulong Session, ulong Request) there))
            {
                if (there != (session, request))
                {
                    world.Fail(
                        ViolationClass.Safety,
                        "acknowledgement.names-another-entry",
                        $"request {request} of session {session} was accepted at entry {position.Index} of term {position.Term}, where request {there.Request} of session {there.Session} is committed");
                }
            }
            else if (position.Index <= newest)
            {
                world.Count("client.accepted-writes-lost");
            }
        }
    }
}
