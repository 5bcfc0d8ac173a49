using System.Buffers;
using System.IO.Hashing;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using SimGraph.Tests.Storage;

namespace SimGraph.Tests.Replication;

/// <summary>A state machine on a disk in memory, called synchronously. Remembers which elements were created.</summary>
internal sealed class StateMachineUnderTest : IDisposable
{
    private readonly StateMachineOptions _options;
    private readonly MemoryDisk _disk = new();
    private readonly List<ElementId> _nodes = [];
    private readonly List<ElementId> _edges = [];
    private TaskScope _scope;

    public StateMachineUnderTest(int sessionsMax)
    {
        _options = new StateMachineOptions { SessionsMax = sessionsMax, Tree = new LsmOptions { Folder = "state" } };
        Platform = new StoragePlatform(_disk);
        (_scope, Machine) = Open();
    }

    public StoragePlatform Platform { get; }

    public ReplicatedStateMachine Machine { get; private set; }

    /// <summary>Paths of the files on its disk.</summary>
    public IReadOnlyList<string> Files => _disk.Paths;

    /// <summary>Nodes that were created, also those that are deleted again.</summary>
    public IReadOnlyList<ElementId> Nodes => _nodes;

    /// <summary>Edges that were created, also those that are deleted again.</summary>
    public IReadOnlyList<ElementId> Edges => _edges;

    public ReadOnlyMemory<byte> Apply(LogEntry entry)
    {
        ReadOnlyMemory<byte> result = Wait(() => Machine.ApplyAsync(entry, CancellationToken.None).AsTask());
        if (!result.IsEmpty && ClientResult.Decode(result.Span) is { Outcome: { IsApplied: true } outcome })
        {
            Remember(entry, outcome);
        }

        return result;
    }

    public ReadOnlyMemory<byte> Ask(ReadOnlyMemory<byte> query) => Wait(() => Machine.AskAsync(query, CancellationToken.None).AsTask());

    /// <summary>Every key and value, as they are sent to a follower.</summary>
    public byte[] Content()
    {
        var pairs = new ArrayBufferWriter<byte>();
        using FrozenState state = Machine.Freeze();
        Wait(() => ReadAllAsync(state, pairs));
        return pairs.WrittenSpan.ToArray();
    }

    /// <summary>The same without the applied position and the store's counters, which are there or not whatever the graph is.</summary>
    public byte[] Substance()
    {
        byte[] content = Content();
        var substance = new List<byte>();
        for (int at = 0; at < content.Length;)
        {
            int key = BitConverter.ToInt32(content, at);
            int length = FrozenState.PairHeadBytes + key + BitConverter.ToInt32(content, at + sizeof(int));
            if ((char)content[at + FrozenState.PairHeadBytes] is not ('A' or 'M'))
            {
                substance.AddRange(content.AsSpan(at, length));
            }

            at += length;
        }

        return [.. substance];
    }

    /// <summary>Puts the state of another machine, which must be ahead, in the place of this one's.</summary>
    public void InstallFrom(StateMachineUnderTest other)
    {
        Wait(() => InstallAsync(other.Machine.Applied, other.Content()));
        _nodes.Clear();
        _edges.Clear();
        _nodes.AddRange(other._nodes);
        _edges.AddRange(other._edges);
    }

    public async Task InstallAsync(LogPosition position, byte[] content)
    {
        StagedState staged = Machine.BeginReceive(position, long.MaxValue);
        try
        {
            await staged.AddAsync(content, CancellationToken.None);
            await staged.CompleteAsync((ulong)content.Length, XxHash3.HashToUInt64(content), CancellationToken.None);
            await Machine.InstallAsync(staged, CancellationToken.None);
        }
        catch
        {
            await staged.AbandonAsync();
            throw;
        }
    }

    /// <summary>Flushes, stops and opens it again.</summary>
    public void Restart()
    {
        Wait(() => Machine.FlushAsync(CancellationToken.None));
        Close();
        (_scope, Machine) = Open();
    }

    public void Dispose() => Close();

#pragma warning disable VSTHRD002 // Properties are synchronous; the tree's tasks run on the pool.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    private static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private static async Task ReadAllAsync(FrozenState state, ArrayBufferWriter<byte> pairs)
    {
        await using LsmCursor cursor = state.OpenCursor();
        await cursor.MoveToFirstAsync(CancellationToken.None);
        await FrozenState.ReadChunkAsync(cursor, pairs, int.MaxValue, CancellationToken.None);
    }

    private (TaskScope Scope, ReplicatedStateMachine Machine) Open()
    {
        var scope = new TaskScope(Platform.Tasks, "machine");
        return (scope, Wait(() => ReplicatedStateMachine.OpenAsync(Platform, scope, _options, CancellationToken.None)));
    }

    private void Close()
    {
        Wait(Machine.StopAsync);
        Wait(_scope.StopAsync);
    }

    private void Remember(LogEntry entry, GraphOutcome outcome)
    {
        GraphCommand command;
        try
        {
            command = GraphCommand.Decode(ClientCommand.Decode(entry.Payload).GraphCommand.Span);
        }
        catch (FormatException)
        {
            // Garbage with a number that was used before is answered with what that number did.
            return;
        }

        for (int i = 0; i < command.Operations.Length; i++)
        {
            // A repeated number is answered with the result of the first command, which may have been another.
            if (i >= outcome.Results.Length || outcome.Results[i].Kind != OperationResultKind.Element)
            {
                continue;
            }

            if (command.Operations[i] is CreateNode)
            {
                _nodes.Add(outcome.Results[i].Element);
            }
            else if (command.Operations[i] is CreateEdge)
            {
                _edges.Add(outcome.Results[i].Element);
            }
        }
    }
}
