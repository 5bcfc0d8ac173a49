// Interprets the scenario files: one command a block, what it printed below the line of dashes (the data-driven style of etcd's raft tests).
//
//   nodes N [election=T] [heartbeat=T] [append-entries=K] [lease=BOUND] [priorities=P1,P2,...]   N members that have never run; member i waits T + i - 1 ticks before it campaigns
//   seed I term=T [vote=V] [log=T1,T2,...]                  gives member I a past: terms of its entries from index 1 on
//   tick I|all [COUNT]     campaign I (ticks until it leaves the follower role)      propose I TEXT     read I CONTEXT
//   work I (all stages of what is ready, until nothing is)  persist I (the next Ready up to the durable write)
//   deliver [I]            (what is under way now, to I or to all)                   stabilize (work and deliver until all is quiet)
//   join I (a member that never ran and knows nobody)       change I add|promote|remove J [priority=P]     transfer I J     members
//   clock I TICKS (its clock goes on, its ticks do not)     lease-read I          drop [KIND] (loses what is under way)
//   cut I [J]  heal        (what is sent over a cut link is lost)                    crash I   restart I   compact I INDEX
//   status  logs           quiet COMMAND (prints nothing)

using System.Globalization;
using System.Text;
using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Cluster;

internal sealed class ConsensusScenario
{
    private readonly StringBuilder _output = new();
    private readonly List<ConsensusMessage> _transit = [];
    private readonly HashSet<(NodeId From, NodeId To)> _cut = [];
    private readonly SortedDictionary<int, ConsensusOptions> _options = [];
    private readonly SortedDictionary<int, ToyNode> _nodes = [];
    private readonly CountingProbes _probes = new(() => false);

    public string Run(string command)
    {
        _output.Clear();
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool quiet = words[0] == "quiet";
        Execute(quiet ? words[1..] : words);
        return quiet || _output.Length == 0 ? "ok\n" : _output.ToString();
    }

    private void Execute(string[] words)
    {
        switch (words[0])
        {
            case "nodes":
                Create(int.Parse(words[1], CultureInfo.InvariantCulture), words);
                break;
            case "seed":
                Seed(words);
                break;
            case "tick":
                Tick(words);
                break;
            case "campaign":
                Campaign(Node(words[1]));
                break;
            case "propose":
                Say($"proposed: {Node(words[1]).Core!.TryPropose(LogEntryKind.Command, Encoding.UTF8.GetBytes(words[2]), out LogPosition at)} {Show(at)}");
                break;
            case "join":
                Join(int.Parse(words[1], CultureInfo.InvariantCulture));
                break;
            case "change":
                Change(words);
                break;
            case "transfer":
                Say($"{words[1]} to {words[2]}: {Node(words[1]).Core!.TryTransferLeadership(new NodeId(int.Parse(words[2], CultureInfo.InvariantCulture)))}");
                break;
            case "drop":
                _transit.RemoveAll(m => words.Length == 1 || m.Kind.ToString() == words[1]);
                break;
            case "clock":
                Node(words[1]).Clock += int.Parse(words[2], CultureInfo.InvariantCulture);
                break;
            case "lease-read":
                LeaseRead(Node(words[1]));
                break;
            case "members":
                Members();
                break;
            case "read":
                Say($"requested: {Node(words[1]).Core!.TryRequestRead(ulong.Parse(words[2], CultureInfo.InvariantCulture))}");
                break;
            case "work":
                Work(Node(words[1]));
                break;
            case "persist":
                Node(words[1]).Take();
                Persist(Node(words[1]));
                break;
            case "deliver":
                Deliver(words.Length > 1 ? Node(words[1]).Id : null);
                break;
            case "stabilize":
                Stabilize();
                break;
            case "cut":
                Cut(words);
                break;
            case "heal":
                _cut.Clear();
                break;
            case "crash":
                Node(words[1]).Crash();
                break;
            case "restart":
                Start(Node(words[1]));
                break;
            case "compact":
                Compact(Node(words[1]), ulong.Parse(words[2], CultureInfo.InvariantCulture));
                break;
            case "status":
                Status();
                break;
            case "logs":
                Logs();
                break;
            default:
                throw new InvalidOperationException($"no such scenario command: {words[0]}");
        }
    }

    private void Create(int count, string[] words)
    {
        string[] priorities = Text(words, "priorities")?.Split(',') ?? [];
        Membership members = new(
            Enumerable.Range(1, count).Select(i => new Member(
                new NodeId(i), string.Empty, i <= priorities.Length ? byte.Parse(priorities[i - 1], CultureInfo.InvariantCulture) : (byte)0)),
            []);
        foreach (NodeId id in members.Voters.Select(voter => voter.Id))
        {
            _options[id.Value] = new ConsensusOptions
            {
                Self = id,
                Members = members,
                LeaseDriftBound = Text(words, "lease") is { } bound ? double.Parse(bound, CultureInfo.InvariantCulture) : null,
                ElectionTimeoutTicks = Argument(words, "election", 10),
                HeartbeatTicks = Argument(words, "heartbeat", 2),
                AppendEntriesMax = Argument(words, "append-entries", 256),
            };
            _nodes[id.Value] = new ToyNode(id);
            Start(_nodes[id.Value]);
        }
    }

    private void Join(int id)
    {
        _options[id] = _options.Values.First() with { Self = new NodeId(id), Members = Membership.Empty };
        _nodes[id] = new ToyNode(new NodeId(id));
        Start(_nodes[id]);
    }

    private void Change(string[] words)
    {
        var id = new NodeId(int.Parse(words[3], CultureInfo.InvariantCulture));
        MembershipChange change = words[2] switch
        {
            "add" => MembershipChange.Add(new Member(id, string.Empty, (byte)Argument(words, "priority", 0))),
            "promote" => MembershipChange.Promote(id),
            "remove" => MembershipChange.Remove(id),
            _ => throw new InvalidOperationException($"no such change: {words[2]}"),
        };
        MembershipDecision decision = Node(words[1]).Core!.TryChangeMembership(change, out LogPosition at);
        Say($"{words[2]} {id}: {decision}{(decision == MembershipDecision.Begun ? $" {Show(at)}" : string.Empty)}");
    }

    private void LeaseRead(ToyNode node)
    {
        node.ShowClock();
        Say(node.Core!.TryLeaseRead(out ulong index) ? $"{node.Id} reads at {index} by its lease" : $"{node.Id} has no lease");
    }

    private void Members()
    {
        foreach (ToyNode node in _nodes.Values)
        {
            Say(node.Core is { } core ? $"{node.Id} {core.Membership} since {core.MembershipIndex}" : $"{node.Id} down");
        }
    }

    private void Seed(string[] words)
    {
        ToyNode node = Node(words[1]);
        string? log = Text(words, "log");
        ulong index = 0;
        IEnumerable<LogEntry> entries = (log is null ? [] : log.Split(','))
            .Select(term => new LogEntry(++index, ulong.Parse(term, CultureInfo.InvariantCulture), LogEntryKind.Command, ReadOnlyMemory<byte>.Empty));
        int vote = Argument(words, "vote", 0);
        node.Crash();
        node.Seed(new HardState((ulong)Argument(words, "term", 0), vote == 0 ? null : new NodeId(vote)), entries);
        Start(node);
    }

    private void Start(ToyNode node) => node.Start(_options[node.Id.Value], new ScriptedJitter(node.Id.Value - 1), _probes);

    private void Tick(string[] words)
    {
        int count = words.Length > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : 1;
        foreach (ToyNode node in words[1] == "all" ? _nodes.Values : (IEnumerable<ToyNode>)[Node(words[1])])
        {
            for (int i = 0; i < count; i++)
            {
                node.Clock++;
                node.ShowClock();
                node.Core?.Tick();
            }
        }
    }

    private void Campaign(ToyNode node)
    {
        int ticks = 0;
        ulong term = node.Core!.Term;
        while (node.Core.Role == ConsensusRole.Follower && ticks < 2 * _options[node.Id.Value].ElectionTimeoutTicks)
        {
            node.Clock++;
            node.ShowClock();
            node.Core.Tick();
            ticks++;
        }

        Say($"{node.Id} is {node.Core.Role} after {ticks} ticks, term {term} -> {node.Core.Term}");
    }

    private bool Work(ToyNode node)
    {
        bool worked = false;
        for (int rounds = 0; node.Core is { } core && (node.Stage != 0 || core.HasReady); rounds++)
        {
            Assert.True(rounds < 1000, "a core is never done");
            worked = true;
            if (node.Stage == 0)
            {
                node.Take();
                Persist(node);
            }

            Finish(node);
        }

        return worked;
    }

    private void Persist(ToyNode node)
    {
        Ready ready = node.Taken!;
        node.Persist();
        node.Stage = 2;
        if (ready.Snapshot is { } snapshot)
        {
            Say($"{node.Id} installs snapshot {Show(snapshot)}");
        }

        if (ready.Hard is { } hard)
        {
            Say($"{node.Id} persists term {hard.Term} vote {hard.Vote?.ToString() ?? "-"}");
        }

        if (ready.Entries.Count > 0)
        {
            Say($"{node.Id} persists entries {Show(ready.Entries)}");
        }
    }

    private void Finish(ToyNode node)
    {
        Ready ready = node.Taken!;
        foreach (ConsensusMessage sent in ready.Messages)
        {
            ConsensusMessage message = sent.Kind == MessageKind.InstallSnapshot ? node.WithSnapshot(sent) : sent;
            bool lost = _cut.Contains((message.From, message.To));
            Say($"  {Show(message)}{(lost ? "  (lost)" : string.Empty)}");
            if (!lost)
            {
                _transit.Add(message);
            }
            else if (message.Kind == MessageKind.InstallSnapshot)
            {
                node.Core!.ReportSnapshot(message.To, delivered: false);
            }
        }

        if (ready.Committed.Count > 0)
        {
            Say($"{node.Id} applies {Show(ready.Committed)}");
            foreach (LogEntry entry in ready.Committed)
            {
                node.Apply(entry);
            }
        }

        foreach (ReadConfirmation read in ready.Reads)
        {
            Say($"{node.Id} confirms read {read.Context} at {read.Index}");
        }

        foreach (ulong context in ready.FailedReads)
        {
            Say($"{node.Id} fails read {context}");
        }

        node.Finish();
    }

    private void Deliver(NodeId? to)
    {
        ConsensusMessage[] due = [.. _transit.Where(m => to is null || m.To == to)];
        _transit.RemoveAll(due.Contains);
        foreach (ConsensusMessage message in due)
        {
            if (!_nodes.TryGetValue(message.To.Value, out ToyNode? receiver))
            {
                continue;
            }

            receiver.Receive(message);
            if (message.Kind == MessageKind.InstallSnapshot)
            {
                _nodes[message.From.Value].Core?.ReportSnapshot(message.To, receiver.Core is not null);
            }
        }
    }

    private void Stabilize()
    {
        for (int rounds = 0; rounds < 1000; rounds++)
        {
            bool worked = false;
            foreach (ToyNode node in _nodes.Values)
            {
                worked |= Work(node);
            }

            if (!worked && _transit.Count == 0)
            {
                return;
            }

            Deliver(null);
        }

        Assert.Fail("the cluster never becomes quiet");
    }

    private void Cut(string[] words)
    {
        NodeId one = Node(words[1]).Id;
        foreach (ToyNode other in words.Length > 2 ? [Node(words[2])] : _nodes.Values.Where(n => n.Id != one))
        {
            _cut.Add((one, other.Id));
            _cut.Add((other.Id, one));
        }
    }

    private static void Compact(ToyNode node, ulong index) => node.TakeSnapshot(node.HandedAt(node.AppliedIndex)!.Term, node.AppliedIndex - index);

    private void Status()
    {
        foreach (ToyNode node in _nodes.Values)
        {
            Say(node.Core is not { } core
                ? $"{node.Id} down"
                : $"{node.Id} {core.Role} term {core.Term} leader {core.Leader?.ToString() ?? "-"} commit {core.CommitIndex} last {Show(core.Last)}");
        }
    }

    private void Logs()
    {
        foreach (ToyNode node in _nodes.Values)
        {
            Say($"{node.Id} behind {node.CompactedTo}: {string.Join(' ', node.Handed.Select(e => e.Term.ToString(CultureInfo.InvariantCulture)))}");
        }
    }

    private void Say(string line) => _output.Append(line.TrimEnd()).Append('\n');

    private ToyNode Node(string word) => _nodes[int.Parse(word, CultureInfo.InvariantCulture)];

    private static string? Text(string[] words, string name)
    {
        string? word = Array.Find(words, w => w.StartsWith(name + "=", StringComparison.Ordinal));
        return word?[(name.Length + 1)..];
    }

    private static int Argument(string[] words, string name, int otherwise) =>
        Text(words, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string Show(LogPosition position) => $"{position.Index}/{position.Term}";

    private static string Show(IReadOnlyList<LogEntry> entries) => string.Join(' ', entries.Select(e =>
        $"{e.Index}/{e.Term}" + (e.Kind == LogEntryKind.Membership ? $":<{Membership.Decode(e.Payload.Span)}>"
            : e.Payload.Length > 0 ? $":{Encoding.UTF8.GetString(e.Payload.Span)}" : string.Empty)));

    private static string Show(ConsensusMessage message)
    {
        string head = $"{message.From} -> {message.To} {message.Kind} term {message.Term}";
        return message.Kind switch
        {
            MessageKind.PreVoteRequest or MessageKind.VoteRequest => $"{head} last {Show(message.Previous)}{(message.Transfer ? " transfer" : string.Empty)}",
            MessageKind.PreVoteResponse or MessageKind.VoteResponse => $"{head} {(message.Rejected ? "rejected" : "granted")}",
            MessageKind.AppendRequest => $"{head} behind {Show(message.Previous)} commit {message.Commit} [{Show(message.Entries)}]",
            MessageKind.AppendResponse when message.Rejected =>
                $"{head} rejected {message.Previous.Index} hint {message.HintIndex}/{message.HintTerm}",
            MessageKind.AppendResponse => $"{head} matched {message.Previous.Index}",
            MessageKind.Heartbeat => $"{head} commit {message.Commit} round {message.ReadContext}",
            MessageKind.HeartbeatResponse => $"{head} round {message.ReadContext}",
            MessageKind.TimeoutNow => head,
            _ => $"{head} snapshot {Show(message.Snapshot)}" + (message.SnapshotMembership is { } members ? $" <{members}>" : string.Empty),
        };
    }
}
