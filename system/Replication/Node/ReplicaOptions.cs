using System.Collections.Immutable;
using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Node;

/// <summary>How a node of a cluster runs. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record ReplicaOptions
{
    /// <summary>This node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>
    /// The voters of a cluster that never ran, each with the address at which the others and clients reach it; this node among them. Of a cluster that ran, its
    /// log says who belongs to it. Empty for a node that is to be added to a running cluster.
    /// </summary>
    public required ImmutableSortedDictionary<NodeId, NetworkAddress> Members { get; init; }

    /// <summary>Priorities of <see cref="Members"/>; 0 for those that are not named. The one with the highest is to lead, if its log is as good as the others'.</summary>
    public ImmutableSortedDictionary<NodeId, byte> Priorities { get; init; } = ImmutableSortedDictionary<NodeId, byte>.Empty;

    /// <summary>
    /// Further voters of a cluster that never ran, of whom only the number is known: <see cref="Discovery"/> finds their addresses. The same on every node, as <see cref="Members"/> are; this
    /// node may be among them, with an <see cref="AdvertisedAddress"/>.
    /// </summary>
    public ImmutableSortedSet<NodeId> VotersToFind { get; init; } = [];

    /// <summary>How this node makes itself known and finds members at other addresses than the membership's; null for not at all.</summary>
    public NodeDiscoveryOptions? Discovery { get; init; }

    /// <summary>Where the others reach this node, if it is not its address among <see cref="Members"/>. Others learn of another one by <see cref="Discovery"/>.</summary>
    public NetworkAddress? AdvertisedAddress { get; init; }

    /// <summary>
    /// How much faster the monotonic clock of one machine may run than another's, for reads by lease: 0.01 is one percent. The same on every member. Null: a read by lease is
    /// confirmed by a round of heartbeats, like any other. A machine that is suspended must not stop its clock.
    /// </summary>
    public double? LeaseDriftBound { get; init; }

    /// <summary>When writes are acknowledged whose clients leave it to the cluster. Quorum. It counts on whoever leads: set it alike on every member.</summary>
    public WriteAcknowledgement DefaultAcknowledgement { get; init; } = WriteAcknowledgement.Quorum;

    /// <summary>How long the leader waits for every member to have an applied write that is to be acknowledged by all, before it says that the outcome is unknown. 10 s.</summary>
    public TimeSpan AcknowledgeAllLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a snapshot that broke off is kept, on either side, so that it can go on, and a state that is frozen for a backup whose taker is silent. 30 s.</summary>
    public TimeSpan SnapshotKeepLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of the cluster: nodes and clients of another one are refused.</summary>
    public string ClusterId { get; init; } = "simgraph";

    /// <summary>Where to listen, if not where the others reach this node.</summary>
    public NetworkAddress? ListenAddress { get; init; }

    /// <summary>
    /// Where this node reaches peers that it does not reach at their address in <see cref="Members"/>: behind a translation of addresses, a tunnel or a proxy. What clients
    /// are told stays the address of the member.
    /// </summary>
    public ImmutableSortedDictionary<NodeId, NetworkAddress> DialAddresses { get; init; } = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty;

    /// <summary>How often a leader shows that it lives. 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a follower bears silence, before a random addition of up to as much again. 5 s.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The state is made durable, and the log cut, after this many applied entries. 10,000.</summary>
    public int FlushEntries { get; init; } = 10_000;

    /// <summary>Largest snapshot accepted from a peer; it goes to the disk as it arrives. 64 GiB.</summary>
    public long SnapshotBytesMax { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>Bytes of a snapshot sent with one write. 256 KiB.</summary>
    public int SnapshotChunkBytes { get; init; } = 256 * 1024;

    /// <summary>Largest command or query of a client, as sent. 1 MiB and 64 KiB.</summary>
    public int RequestBytesMax { get; init; } = (1024 + 64) * 1024;

    /// <summary>Entries' bytes in one message to a follower; one entry always fits. 512 KiB.</summary>
    public int AppendBytesMax { get; init; } = 512 * 1024;

    /// <summary>Largest payload of a frame. 4 MiB.</summary>
    public int FramePayloadMax { get; init; } = FrameFormat.DefaultPayloadMax;

    /// <summary>How long a connection to a peer may take. 5 s.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a handshake may take, on either side. 5 s.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one write, or the answer to a ping, may take before the connection counts as dead. 10 s.</summary>
    public TimeSpan WriteLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An accepted connection that says nothing for so long is closed; one to a peer over which nothing was sent for half of it, too. 5 min.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A connection of a peer or a client is ended, and may be opened anew, before it is older than this: each at an age of its own, of three quarters of it at least. 1 h.
    /// </summary>
    public TimeSpan ConnectionAgeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a connection that has reached its age may take to answer what it took and to close, before it is aborted. 30 s.</summary>
    public TimeSpan ConnectionRenewalLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First pause after a failed connection to a peer; doubles up to <see cref="ReconnectDelayMax"/>, with jitter. 50 ms.</summary>
    public TimeSpan ReconnectDelayMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between two attempts to reach a peer. 1 s.</summary>
    public TimeSpan ReconnectDelayMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for the event loop and, in each scope, for tasks to end. 5 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for clients to take their last answers. 500 ms.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Events that wait for the loop before those who post must wait. 1,024.</summary>
    public int InboxEventsMax { get; init; } = 1024;

    /// <summary>Bytes that wait for a peer before messages to it are dropped. 8 MiB.</summary>
    public int OutboxBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Requests of one client connection that wait for answers before no more are read. 256.</summary>
    public int PipelinedRequestsMax { get; init; } = 256;

    /// <summary>Client connections at a time. 1,024.</summary>
    public int ClientConnectionsMax { get; init; } = 1024;

    /// <summary>Accepted connections in their handshake at a time. 64.</summary>
    public int PendingHandshakesMax { get; init; } = 64;

    /// <summary>States that are frozen for backups at a time. 2.</summary>
    public int BackupsMax { get; init; } = 2;

    /// <summary>Folder of the write-ahead log on the platform's disk.</summary>
    public string LogDirectory { get; init; } = "log";

    /// <summary>The state machine and its tree on the platform's disk.</summary>
    public StateMachineOptions State { get; init; } = new();

    /// <summary>The consensus core's unit of time: half a heartbeat.</summary>
    public TimeSpan TickInterval => HeartbeatInterval / HeartbeatTicks;

    /// <summary>
    /// Within which time a stop has ended, or has said what is still alive, whatever peers and disk do: it waits for a start, or another stop, as long as that may take to close everything. 71 s.
    /// </summary>
    public TimeSpan StopBound => 2 * CloseBound;

    /// <summary>The loop, clients, connections, peers, a state that was being received, log, state machine, and what is left, one after the other.</summary>
    internal TimeSpan CloseBound => (7 * StopLimit) + DrainLimit;

    internal const int HeartbeatTicks = 2;

    // Log and tree give up before the node does, so that the node can say which of them it was.
    internal WriteAheadLogOptions Log => new() { Directory = LogDirectory, StopLimit = StopLimit * 0.8 };

    internal StateMachineOptions EffectiveState => State with { Tree = State.Tree with { StopLimit = StopLimit * 0.8 } };

    internal int ElectionTimeoutTicks => (int)Math.Ceiling(ElectionTimeout / TickInterval);

    internal NetworkAddress EffectiveListenAddress => ListenAddress ?? Address;

    internal NetworkAddress Address => AdvertisedAddress ?? Members[Self];

    internal Membership InitialMembership =>
        new(
            Members.Select(member => new Member(member.Key, member.Value.ToString(), Priorities.GetValueOrDefault(member.Key)))
                .Concat(VotersToFind.Select(node => new Member(node, string.Empty, Priorities.GetValueOrDefault(node)))),
            []);

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(Self.Value >= 1, $"Self is {Self.Value}; nodes are numbered from 1");
        Require(VotersToFind.IsEmpty || Discovery is not null, "VotersToFind names voters without addresses, and there is no Discovery to find them");
        Require(!VotersToFind.Contains(Self) || AdvertisedAddress is not null, $"Self, node {Self.Value}, is among VotersToFind and has no AdvertisedAddress: nobody could find it");
        Require(VotersToFind.IsEmpty || VotersToFind[0].Value >= 1, "VotersToFind: nodes are numbered from 1");
        Require(!Members.Keys.Any(VotersToFind.Contains), "a node is among both Members and VotersToFind");
        Require(
            Members.ContainsKey(Self) || VotersToFind.Contains(Self) || (Members.IsEmpty && VotersToFind.IsEmpty && AdvertisedAddress is not null),
            $"Self, node {Self.Value}, is not among the members: add it with its address, or name nobody and an AdvertisedAddress to join a running cluster");
        Require(Members.Count + VotersToFind.Count <= Membership.VotersMax, $"Members names more than {Membership.VotersMax} voters");
        foreach (KeyValuePair<NodeId, NetworkAddress> member in Members)
        {
            Require(member.Key.Value >= 1, $"member {member.Key.Value}: nodes are numbered from 1");
            Require(!string.IsNullOrEmpty(member.Value.Host), $"member {member.Key.Value} has no host");
            Require(
                Encoding.UTF8.GetByteCount(member.Value.ToString()) <= Membership.AddressBytesMax,
                $"the address of member {member.Key.Value} is longer than {Membership.AddressBytesMax} bytes");
        }

        foreach (KeyValuePair<NodeId, NetworkAddress> dialled in DialAddresses)
        {
            Require(dialled.Key.Value >= 1, $"DialAddresses names node {dialled.Key.Value}; nodes are numbered from 1");
            Require(dialled.Key != Self, $"DialAddresses names node {dialled.Key.Value}, which is this node: it dials only others");
            Require(!string.IsNullOrEmpty(dialled.Value.Host), $"DialAddresses gives node {dialled.Key.Value} no host");
        }

        Require(!string.IsNullOrEmpty(ClusterId), "ClusterId is empty");
        Require(
            Encoding.UTF8.GetByteCount(ClusterId) <= HandshakeRequest.ClusterIdBytesMax,
            $"ClusterId is longer than {HandshakeRequest.ClusterIdBytesMax} bytes");
        Discovery?.Validate(this);
        ValidateTimes();
        ValidateSizes();
        State.Validate();
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"replica options: {message}");
        }
    }

    private void ValidateTimes()
    {
        Require(HeartbeatInterval >= TimeSpan.FromMilliseconds(2), "HeartbeatInterval is below 2 ms");
        Require(ElectionTimeout >= 2 * HeartbeatInterval, "ElectionTimeout is below two heartbeat intervals: one late heartbeat would start an election");
        Require(ConnectLimit > TimeSpan.Zero, "ConnectLimit is not positive");
        Require(HandshakeLimit > TimeSpan.Zero, "HandshakeLimit is not positive");
        Require(WriteLimit > TimeSpan.Zero, "WriteLimit is not positive");
        Require(IdleLimit > HeartbeatInterval, "IdleLimit is not above the heartbeat interval");
        Require(ConnectionAgeLimit > HeartbeatInterval, "ConnectionAgeLimit is not above the heartbeat interval");
        Require(ConnectionRenewalLimit > TimeSpan.Zero, "ConnectionRenewalLimit is not positive");
        Require(ReconnectDelayMin > TimeSpan.Zero, "ReconnectDelayMin is not positive");
        Require(ReconnectDelayMax >= ReconnectDelayMin, "ReconnectDelayMax is below ReconnectDelayMin");
        Require(StopLimit > TimeSpan.Zero, "StopLimit is not positive");
        Require(DrainLimit > TimeSpan.Zero, "DrainLimit is not positive");
        Require(SnapshotKeepLimit > TimeSpan.Zero, "SnapshotKeepLimit is not positive");
        Require(
            DefaultAcknowledgement is WriteAcknowledgement.Asynchronous or WriteAcknowledgement.Quorum or WriteAcknowledgement.All,
            "DefaultAcknowledgement is none of Asynchronous, Quorum and All");
        Require(AcknowledgeAllLimit > TimeSpan.Zero, "AcknowledgeAllLimit is not positive");
        Require(LeaseDriftBound is null or (>= 0 and <= 10), "LeaseDriftBound is not between 0 and 10, or null for no leases");
    }

    private void ValidateSizes()
    {
        Require(FlushEntries >= 1, "FlushEntries is below 1");
        Require(SnapshotBytesMax >= 1, "SnapshotBytesMax is below 1");
        Require(RequestBytesMax >= 1, "RequestBytesMax is below 1");
        Require(AppendBytesMax >= 1, "AppendBytesMax is below 1");
        Require(
            (long)FramePayloadMax >= (2L * RequestBytesMax) + AppendBytesMax + (64 * 1024),
            "FramePayloadMax does not hold AppendBytesMax and two requests of RequestBytesMax");
        Require(FramePayloadMax <= 256 * 1024 * 1024, "FramePayloadMax is above 256 MiB");
        Require(SnapshotChunkBytes >= 1 && SnapshotChunkBytes <= FramePayloadMax, "SnapshotChunkBytes is not between 1 and FramePayloadMax");
        Require(InboxEventsMax >= 1, "InboxEventsMax is below 1");
        Require(OutboxBytesMax >= 1, "OutboxBytesMax is below 1");
        Require(PipelinedRequestsMax >= 1, "PipelinedRequestsMax is below 1");
        Require(ClientConnectionsMax >= 1, "ClientConnectionsMax is below 1");
        Require(BackupsMax >= 0, "BackupsMax is negative");
        Require(PendingHandshakesMax >= 1, "PendingHandshakesMax is below 1");
    }
}
