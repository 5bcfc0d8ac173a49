// How many pairs were seen in exactly one run, and in exactly two: what Good and Turing need to say how likely it is that one more run of the same kind shows a new one (Good 1953; for fuzzing: Böhme,
// STADS, TOSEM 2018), and Chao how many there are at least that none has shown (Chao 1987). Both hold for independent runs, which variants of earlier runs are not: only fresh ones are counted here.

namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>Counts in how many fresh runs each pair was seen. Not thread-safe.</summary>
internal sealed class PairCensus
{
    private readonly Dictionary<ushort, long> _runsOf = [];
    private long _once;
    private long _twice;

    /// <summary>Fresh runs.</summary>
    public long Runs { get; private set; }

    /// <summary>Pairs that they showed.</summary>
    public int Pairs => _runsOf.Count;

    /// <summary>The chance that one more fresh run shows a new pair: at most about the number of pairs seen once, for each run.</summary>
    public double NewChance => Runs == 0 ? 1 : Math.Min(1, (double)_once / Runs);

    /// <summary>Pairs that fresh runs can show and have not, at least.</summary>
    public double UnseenLeast => _twice == 0 ? _once * (_once - 1) / 2.0 : (double)_once * _once / (2 * _twice);

    public void Add(IReadOnlyList<ushort> pairs)
    {
        Runs++;
        foreach (ushort pair in pairs)
        {
            long runs = _runsOf.GetValueOrDefault(pair) + 1;
            _runsOf[pair] = runs;
            _once += runs == 1 ? 1 : runs == 2 ? -1 : 0;
            _twice += runs == 2 ? 1 : runs == 3 ? -1 : 0;
        }
    }
}
