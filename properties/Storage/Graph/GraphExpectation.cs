using System.Buffers;
using System.Collections.Immutable;
using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>What a graph must hold: it is always the state after a prefix of the commands, none before the certain ones missing. Immutable.</summary>
/// <param name="Snapshot">The graph before the commands, as the model writes it; empty for the empty graph.</param>
/// <param name="Index">Log index of that graph.</param>
/// <param name="Commands">The commands that were logged behind it, in order.</param>
/// <param name="Certain">How many of them were acknowledged.</param>
internal sealed record GraphExpectation(ReadOnlyMemory<byte> Snapshot, ulong Index, ImmutableList<GraphCommand> Commands, int Certain)
{
    public static GraphExpectation Nothing { get; } = new(default, 0, [], 0);

    /// <summary>The graph that a store at this log index must hold.</summary>
    /// <exception cref="StorageViolationException">No store may be there.</exception>
    public GraphState ModelAt(ulong index)
    {
        ulong certain = Index + (ulong)Certain;
        ulong last = Index + (ulong)Commands.Count;
        if (index < certain || index > last)
        {
            throw new StorageViolationException(
                index < certain ? "graph.acknowledged-lost" : "graph.impossible-position",
                $"the store is at log index {index}; acknowledged is everything up to {certain}, and nothing was logged behind {last}");
        }

        GraphState model = Snapshot.IsEmpty ? new GraphState(new NoProbes()) : GraphState.Read(Snapshot.Span, Index, new NoProbes());
        ulong at = Index;
        foreach (GraphCommand command in Commands)
        {
            if (at == index)
            {
                break;
            }

            model.Apply(command, ++at);
        }

        return model;
    }

    /// <summary>What a recovery found, which is certain from then on.</summary>
    public static GraphExpectation At(GraphState model, ulong index)
    {
        ArrayBufferWriter<byte> buffer = new();
        model.WriteSnapshot(buffer);
        return new GraphExpectation(buffer.WrittenMemory, index, [], 0);
    }
}
