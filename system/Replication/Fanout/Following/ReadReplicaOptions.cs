using System.Collections.Immutable;
using System.Text;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>How a read replica follows a cluster. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record ReadReplicaOptions
{
    /// <summary>Its name, unique among the replicas of the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Members that publish: one at a time is followed, the next when it is silent.</summary>
    public required ImmutableArray<FanoutSource> Sources { get; init; }

    /// <summary>Name of the cluster; what others publish is dropped.</summary>
    public string ClusterId { get; init; } = "simgraph";

    /// <summary>
    /// Where publishers of another data centre connect to; null to connect to the sources. Reports and catch-ups go to the sources in either case.
    /// </summary>
    public NetworkAddress? BindAddress { get; init; }

    /// <summary>How often it reports. 1 s.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer may take before it is asked for again. 2 s.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A source that is silent for so long is left for the next. 5 s.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests in a row that bring nothing before the next source is tried. 5.</summary>
    public int FailuresMax { get; init; } = 5;

    /// <summary>The state is made durable after this many applied entries. 10,000.</summary>
    public int FlushEntries { get; init; } = 10_000;

    /// <summary>High-water mark of each socket. 1,000.</summary>
    public int HighWaterMark { get; init; } = 1000;

    /// <summary>Messages and queries that wait for the replica's loop. 256.</summary>
    public int InboxMax { get; init; } = 256;

    /// <summary>Entries that are kept while one before them is missing. 4,096.</summary>
    public int PendingEntriesMax { get; init; } = 4096;

    /// <summary>Their bytes. 16 MiB.</summary>
    public long PendingBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Largest state accepted; it goes to the disk as it arrives. 64 GiB.</summary>
    public long StateBytesMax { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>How long a stop waits for each of its parts. 5 s.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The state machine and its tree; the number of sessions must be that of the members.</summary>
    public StateMachineOptions State { get; init; } = new();

    /// <summary>
    /// Within which time a stop has ended, or has said what is still alive, whatever members and disk do: it waits for a start, or another stop, as long as that may take to close everything. 30 s.
    /// </summary>
    public TimeSpan StopBound => 2 * CloseBound;

    /// <summary>The work, the state and what is left, one after the other.</summary>
    internal TimeSpan CloseBound => 3 * StopLimit;

    internal TimeSpan TickInterval => (ReportInterval < RequestLimit ? ReportInterval : RequestLimit) / 4;

    internal StateMachineOptions EffectiveState => State with { Tree = State.Tree with { StopLimit = StopLimit * 0.8 } };

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrEmpty(Name), "Name is empty");
        Require(Encoding.UTF8.GetByteCount(Name) <= 200, "Name is longer than 200 bytes");
        Require(!Sources.IsDefaultOrEmpty, "Sources is empty: name at least one member that publishes");
        Require(!string.IsNullOrEmpty(ClusterId), "ClusterId is empty");
        Require(ReportInterval >= TimeSpan.FromMilliseconds(10), "ReportInterval is below 10 ms");
        Require(RequestLimit >= TimeSpan.FromMilliseconds(10), "RequestLimit is below 10 ms");
        Require(SilenceLimit >= 2 * ReportInterval, "SilenceLimit is below two report intervals: one late answer would turn the replica away");
        Require(FailuresMax >= 1, "FailuresMax is below 1");
        Require(FlushEntries >= 1, "FlushEntries is below 1");
        Require(HighWaterMark >= 1, "HighWaterMark is below 1");
        Require(InboxMax >= 1, "InboxMax is below 1");
        Require(PendingEntriesMax >= 1, "PendingEntriesMax is below 1");
        Require(PendingBytesMax >= 1, "PendingBytesMax is below 1");
        Require(StateBytesMax >= 1, "StateBytesMax is below 1");
        Require(StopLimit > TimeSpan.Zero, "StopLimit is not positive");
        State.Validate();
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"read replica options: {message}");
        }
    }
}
