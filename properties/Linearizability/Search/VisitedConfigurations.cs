// Lowe's memory ("Testing for linearizability", 2017): two ways of ordering the same operations that lead to the same state have the same futures, so the second one
// need not be tried. The size is an estimate by counting, not a measurement, so that a limit is reached at the same step in every run.

namespace SimGraph.Properties.Linearizability.Search;

/// <summary>The pairs of ordered operations and state that a search has been in.</summary>
internal sealed class VisitedConfigurations<TState, TAction>(ISequentialModel<TState, TAction> model)
    where TState : IEquatable<TState>
    where TAction : IEquatable<TAction>
{
    private const int BytesPerConfiguration = 96;
    private readonly HashSet<Configuration> _visited = [];

    public long Count => _visited.Count;

    /// <summary>About how much memory they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>False if it was there already.</summary>
    public bool Add(OperationSet operations, TState state)
    {
        (int first, ulong[] words) = operations.Save();
        if (!_visited.Add(new Configuration(operations.Hash ^ StateHash.Mix(model.Hash(state)), first, words, state)))
        {
            return false;
        }

        Bytes += BytesPerConfiguration + (words.Length * sizeof(ulong)) + model.SizeOf(state);
        return true;
    }

    private readonly struct Configuration(ulong hash, int first, ulong[] words, TState state) : IEquatable<Configuration>
    {
        private readonly ulong _hash = hash;
        private readonly int _first = first;
        private readonly ulong[] _words = words;
        private readonly TState _state = state;

        public bool Equals(Configuration other) =>
            _hash == other._hash && _first == other._first && _words.AsSpan().SequenceEqual(other._words) && _state.Equals(other._state);

        public override bool Equals(object? obj) => obj is Configuration other && Equals(other);

        public override int GetHashCode() => (int)(_hash ^ (_hash >> 32));
    }
}
