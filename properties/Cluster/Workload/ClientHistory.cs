// What every client asked and was told, in the order of events, for the linearizability checker; and where the log put each write, which is the witness. An event's number is
// its line in the file that is written of it. Between call and answer as the client's code sees them lies all the time in which an operation can have taken effect.
//
// Items are named by their owner and number, which the client chose. An item whose creation was never answered gets its name when the final graph is read; a node that is
// seen and that nobody created has no name, so no order explains it.

using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Formats;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>The history of a run.</summary>
internal sealed class ClientHistory(AcceptedWrites? accepted = null)
{
    private readonly List<Recorded> _operations = [];
    private readonly List<(int Operation, bool IsCall)> _events = [];
    private readonly Dictionary<ulong, string> _names = [];
    private readonly Dictionary<(ulong Session, ulong Request), ulong> _committed = [];

    private enum Ending
    {
        Open,
        Answered,
        NotApplied,
        Unknown,
    }

    /// <summary>Gives a node its name; the first one stays.</summary>
    public void Name(ElementId node, string name) => _names.TryAdd(node.Value, name);

    /// <summary>A client asks for something; the result names the operation.</summary>
    public int Call(int client, GraphAction action)
    {
        _events.Add((_operations.Count, true));
        _operations.Add(new Recorded(client, action) { CalledAt = Line });
        return _operations.Count - 1;
    }

    /// <summary>It was answered.</summary>
    public void Return(int operation, GraphAction answered)
    {
        _operations[operation].Action = answered;
        End(operation, Ending.Answered);
    }

    /// <summary>It was answered with nodes, whose names may not be known yet.</summary>
    public void Return(int operation, IReadOnlyList<ElementId> nodes)
    {
        _operations[operation].Nodes = nodes;
        End(operation, Ending.Answered);
    }

    /// <summary>It certainly did not happen, or only read and was not answered.</summary>
    public void NotApplied(int operation) => End(operation, Ending.NotApplied);

    /// <summary>Nobody knows.</summary>
    public void GaveUp(int operation) => End(operation, Ending.Unknown);

    /// <summary>What names the operation in the log.</summary>
    public void Sent(int operation, ulong session, ulong request) => _operations[operation].Request = (session, request);

    /// <summary>The log has a new committed entry. A retried write is in it more than once; the first one counts.</summary>
    public void Committed(LogEntry entry)
    {
        if (entry.Kind != LogEntryKind.Command)
        {
            return;
        }

        try
        {
            var command = ClientCommand.Decode(entry.Payload);
            if (command.Kind == ClientCommandKind.Write)
            {
                _committed.TryAdd((command.Session, command.Request), entry.Index);
                accepted?.Committed(new LogPosition(entry.Index, entry.Term), command.Session, command.Request);
            }
        }
        catch (FormatException)
        {
            // No client's write: the state machine refuses it as well.
        }
    }

    /// <summary>What the checker judges.</summary>
    public IReadOnlyList<Operation<GraphAction>> Operations() =>
    [
        .. _operations.Where(static recorded => recorded.Ending != Ending.NotApplied).Select(recorded => new Operation<GraphAction>(
            recorded.Client, Resolve(recorded), recorded.CalledAt, recorded.Ending == Ending.Answered ? recorded.EndedAt : Operation<GraphAction>.Never)
        {
            Position = _committed.TryGetValue(recorded.Request, out ulong index) ? index : null,
        }),
    ];

    /// <summary>The same as lines of a file (docs/histories.md).</summary>
    public IEnumerable<string> Lines()
    {
        yield return GraphFormat.Header;
        foreach ((int number, bool isCall) in _events)
        {
            Recorded recorded = _operations[number];
            yield return isCall ? GraphHistoryWriter.Call(recorded.Client, recorded.Action)
                : recorded.Ending == Ending.NotApplied ? GraphHistoryWriter.Failed(recorded.Client)
                : GraphHistoryWriter.Return(recorded.Client, Resolve(recorded));
        }
    }

    /// <summary>The line of the newest event; the first line is the header.</summary>
    private int Line => _events.Count + 1;

    private void End(int operation, Ending ending)
    {
        _events.Add((operation, false));
        _operations[operation].EndedAt = Line;
        _operations[operation].Ending = ending;
    }

    private GraphAction Resolve(Recorded recorded) => recorded.Nodes is { } nodes
        ? recorded.Action.Answered(nodes.Select(NameOf))
        : recorded.Action;

    private string NameOf(ElementId node) => _names.TryGetValue(node.Value, out string? name) ? name : $"?{node}";

    private sealed class Recorded(int client, GraphAction action)
    {
        public int Client { get; } = client;

        public GraphAction Action { get; set; } = action;

        public IReadOnlyList<ElementId>? Nodes { get; set; }

        public (ulong Session, ulong Request) Request { get; set; }

        public long CalledAt { get; init; }

        public long EndedAt { get; set; }

        public Ending Ending { get; set; }
    }
}
