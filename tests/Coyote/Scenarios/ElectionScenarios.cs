using SimGraph.Cluster.Consensus;
using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>
/// Three consensus cores, each driven by a task with a mailbox, elect a leader and commit. Coyote orders their steps and messages and chooses whose clock
/// ticks. A term has one leader, and what one node commits no other contradicts.
/// </summary>
public sealed class ElectionScenarios
{
    private const int Schedules = 60;
    private const int Members = 3;
    private const int TicksMax = 60;
    private static readonly FineLaneLimits Patient = new() { UnfairSteps = 500 };
    private static readonly FineLaneLimits Hasty = new() { UnfairSteps = 500, PromiseSteps = 1000 };

    [Fact]
    public void Three_nodes_elect_one_leader_a_term()
    {
        int elected = 0;
        int committed = 0;
        int schedules = FineLane.Explore("election of three", Schedules, async () =>
        {
            var cluster = new Cluster();
            await cluster.RunAsync();
            cluster.AssertSafe();
            elected += cluster.Leaders > 0 ? 1 : 0;
            committed += cluster.Commits > 0 ? 1 : 0;
        }).Schedules;

        // Schedules without an election prove nothing.
        Assert.True(elected >= schedules / 2, $"only {elected} of {schedules} schedules elected a leader");
        Assert.True(committed >= schedules / 4, $"only {committed} of {schedules} schedules committed an entry");
    }

    [Fact]
    public void An_election_with_two_votes_for_a_node_is_found()
    {
        // The negative control: a voter that forgets its vote.
        FineLaneOutcome found = FineLane.Search("planted forgotten vote", 400, async () =>
        {
            var cluster = new Cluster { ForgetsVotes = true };
            await cluster.RunAsync();
            cluster.AssertSafe();
        });
        Assert.Matches("two leaders|at most one leader|holds every committed entry", found.Bug);
    }

    [Fact]
    public void While_time_goes_on_a_leader_is_elected_and_commits_on_all() => FineLane.Explore("election for ever", Schedules / 3, async () =>
    {
        var cluster = new Cluster();
        await cluster.RunUntilCommittedAsync();
        cluster.AssertSafe();
    },
    Patient);

    [Fact]
    public void A_cluster_whose_votes_are_lost_is_found_to_elect_nobody_ever()
    {
        FineLaneOutcome found = FineLane.Search(
            "planted lost votes",
            20,
            async () => await new Cluster { Loses = MessageKind.VoteResponse }.RunUntilCommittedAsync(),
            Hasty);
        Assert.Contains(nameof(LeaderIsElected), found.Bug, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leader_that_hears_no_acknowledgement_is_found_to_commit_nothing_ever()
    {
        FineLaneOutcome found = FineLane.Search(
            "planted lost acknowledgements",
            20,
            async () => await new Cluster { Loses = MessageKind.AppendResponse }.RunUntilCommittedAsync(),
            Hasty);
        Assert.Contains(nameof(EntryIsCommitted), found.Bug, StringComparison.Ordinal);
    }

    private sealed class Cluster
    {
        private readonly object _gate = new();
        private readonly SortedDictionary<ulong, NodeId> _leaders = [];
        private readonly SortedDictionary<ulong, ulong> _committedTerms = [];
        private readonly List<string> _contradictions = [];
        private int _commits;

        internal bool ForgetsVotes { get; init; }

        /// <summary>What never arrives.</summary>
        internal MessageKind? Loses { get; init; }

        internal int Leaders
        {
            get
            {
                lock (_gate)
                {
                    return _leaders.Count;
                }
            }
        }

        internal int Commits => Volatile.Read(ref _commits);

        internal Task RunAsync() => RunAsync(TicksMax, () => Commits >= Members);

        /// <summary>Time goes on until every member has committed what the leader proposed.</summary>
        internal async Task RunUntilCommittedAsync()
        {
            Promise.Make<LeaderIsElected>();
            bool elected = false;
            await RunAsync(int.MaxValue, () =>
            {
                if (!elected && Leaders > 0)
                {
                    elected = true;
                    Promise.Make<EntryIsCommitted>();
                    Promise.Keep<LeaderIsElected>();
                }

                return Commits >= Members;
            });
            Promise.Keep<EntryIsCommitted>();
        }

        private async Task RunAsync(int ticksMax, Func<bool> until)
        {
            var random = new FineLaneRandom();
            Member[] members = [.. Enumerable.Range(1, Members).Select(id => new Member(this, new NodeId(id), random))];
            Task[] running = [.. members.Select(member => Task.Run(() => member.RunAsync(members)))];
            for (int tick = 0; tick < ticksMax && !until(); tick++)
            {
                members[random.Next(Members)].Inbox.TryPost(null);
                await Task.Yield();
            }

            foreach (Member member in members)
            {
                member.Inbox.Close();
            }

            await Task.WhenAll(running);
        }

        internal void AssertSafe() => Assert.True(_contradictions.Count == 0, string.Join("; ", _contradictions));

        internal void Observe(ConsensusCore core, NodeId self)
        {
            if (core.Role != ConsensusRole.Leader)
            {
                return;
            }

            lock (_gate)
            {
                if (!_leaders.TryAdd(core.Term, self) && _leaders[core.Term] != self)
                {
                    _contradictions.Add($"term {core.Term} has two leaders: {_leaders[core.Term]} and {self}");
                }
            }
        }

        internal void Commit(LogEntry entry)
        {
            lock (_gate)
            {
                _commits++;
                if (!_committedTerms.TryAdd(entry.Index, entry.Term) && _committedTerms[entry.Index] != entry.Term)
                {
                    _contradictions.Add($"entry {entry.Index} was committed with the terms {_committedTerms[entry.Index]} and {entry.Term}");
                }
            }
        }
    }

    private sealed class Member(Cluster cluster, NodeId self, Random jitter)
    {
        private readonly NodeId[] _voters = [.. Enumerable.Range(1, Members).Select(id => new NodeId(id))];

        internal Mailbox<ConsensusMessage?> Inbox { get; } = new(64);

        internal async Task RunAsync(Member[] members)
        {
            var options = new ConsensusOptions { Self = self, Members = Membership.OfVoters(_voters), ElectionTimeoutTicks = 3, HeartbeatTicks = 1 };
            var core = new ConsensusCore(options, new ConsensusState(), jitter, new NoProbes());
            var hard = default(HardState);
            var entries = new List<LogEntry>();
            while (await Inbox.WaitToReceiveAsync(CancellationToken.None))
            {
                while (Inbox.TryReceive(out ConsensusMessage? message))
                {
                    if (message is null)
                    {
                        core.Tick();
                    }
                    else
                    {
                        core.Step(message);
                    }

                    while (core.HasReady)
                    {
                        Ready ready = core.TakeReady();

                        // The disk: others run until it is done.
                        await Task.Yield();
                        hard = ready.Hard ?? hard;
                        Store(entries, ready.Entries);
                        foreach (ConsensusMessage outgoing in ready.Messages.Where(message => message.Kind != cluster.Loses))
                        {
                            members[outgoing.To.Value - 1].Inbox.TryPost(outgoing);
                        }

                        foreach (LogEntry entry in ready.Committed)
                        {
                            cluster.Commit(entry);
                        }

                        core.Advance(ready);
                        cluster.Observe(core, self);
                    }

                    if (cluster.ForgetsVotes && hard.Vote is not null && core.Role == ConsensusRole.Follower)
                    {
                        // A restart that lost the vote but not the term.
                        hard = new HardState(hard.Term, null);
                        core = new ConsensusCore(options, new ConsensusState { Hard = hard, Entries = entries }, jitter, new NoProbes());
                    }
                }
            }
        }

        private static void Store(List<LogEntry> entries, IReadOnlyList<LogEntry> added)
        {
            foreach (LogEntry entry in added)
            {
                entries.RemoveRange((int)entry.Index - 1, entries.Count - ((int)entry.Index - 1));
                entries.Add(entry);
            }
        }
    }
}
