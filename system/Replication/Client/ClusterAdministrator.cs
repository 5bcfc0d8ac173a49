// Changes who belongs to a cluster and who leads it. Each wish is repeated until a leader has fulfilled it: what is so already counts as done, so asking again is harmless. A
// learner that has not caught up yet is asked about again until the operation's limit.
//
// Concurrency model: operations take turns. No task of its own.

using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Client;

/// <summary>Administers a cluster. Thread-safe; one operation at a time.</summary>
public sealed class ClusterAdministrator
{
    private readonly IPlatform _platform;
    private readonly ClusterCaller _caller;
    private readonly OperationTurns _turns;

    /// <param name="platform">Clock, network and randomness.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public ClusterAdministrator(IPlatform platform, ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _platform = platform;
        _caller = new ClusterCaller(platform, options);
        _turns = new OperationTurns(platform.Clock, options.OperationLimit, options.OperationsMax, nameof(ClusterAdministrator));
    }

    /// <summary>Tells the membership, as of a moment after the call: it is committed, and no change of it is under way then.</summary>
    /// <exception cref="TimeoutException">No leader that a quorum follows could be asked in time.</exception>
    public Task<ClusterDescription> DescribeAsync(CancellationToken cancellationToken) =>
        AskAsync(new AdministrationRequest(AdministrationKind.Describe, 0), cancellationToken);

    /// <summary>Adds a node, which gets the log and has no vote. Returns when that is committed.</summary>
    /// <param name="node">A number that no node of this cluster ever had.</param>
    /// <param name="address">Where it is reached.</param>
    /// <param name="priority">Among voters whose logs are equal the one with the highest is to lead.</param>
    /// <param name="cancellationToken">Gives up; the wish may still be fulfilled.</param>
    /// <exception cref="RequestRefusedException">The cluster does not allow it.</exception>
    /// <exception cref="TimeoutException">It did not come about in time; it still may.</exception>
    public Task<ClusterDescription> AddLearnerAsync(NodeId node, NetworkAddress address, byte priority, CancellationToken cancellationToken) =>
        AskAsync(new AdministrationRequest(AdministrationKind.AddLearner, node.Value, priority, address.ToString()), cancellationToken);

    /// <summary>Gives a learner a vote, as soon as it has caught up. Returns when that is committed.</summary>
    /// <exception cref="RequestRefusedException">It is no learner.</exception>
    /// <exception cref="TimeoutException">It did not come about in time; it still may.</exception>
    public Task<ClusterDescription> PromoteAsync(NodeId node, CancellationToken cancellationToken) =>
        AskAsync(new AdministrationRequest(AdministrationKind.Promote, node.Value), cancellationToken);

    /// <summary>Removes a member, the leader if need be. Returns when that is committed; its process may be stopped then.</summary>
    /// <exception cref="RequestRefusedException">It is the only voter.</exception>
    /// <exception cref="TimeoutException">It did not come about in time; it still may.</exception>
    public Task<ClusterDescription> RemoveAsync(NodeId node, CancellationToken cancellationToken) =>
        AskAsync(new AdministrationRequest(AdministrationKind.Remove, node.Value), cancellationToken);

    /// <summary>Lets another voter lead. Returns when it is seen to.</summary>
    /// <exception cref="RequestRefusedException">It is no voter.</exception>
    /// <exception cref="TimeoutException">It did not come about in time; it still may.</exception>
    public Task TransferLeadershipAsync(NodeId node, CancellationToken cancellationToken) =>
        AskAsync(new AdministrationRequest(AdministrationKind.TransferLeadership, node.Value), cancellationToken);

    /// <summary>Ends the present operation and closes the connection. Idempotent, safe from anywhere.</summary>
    public Task StopAsync() => _turns.StopAsync(async () => await _caller.CloseAsync());

    private Task<ClusterDescription> AskAsync(AdministrationRequest request, CancellationToken cancellationToken)
    {
        var attempts = new Attempts(_platform.Clock.Elapsed());
        return _turns.RunAsync(
            async token =>
            {
                ClientResponse response = await _caller.CallAsync(RequestKind.Administration, request.Encode(), attempts, token);
                AdministrationAnswer answer = AdministrationAnswer.Decode(response.Body.Span);
                return new ClusterDescription(answer.Index, answer.Membership);
            },
            cancellationToken);
    }
}
