using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>The runs that showed something new when they were made. Not thread-safe.</summary>
internal sealed class GuidedCorpus
{
    private const int EntriesMax = 1_000;
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    public void Add(FailingCase shown)
    {
        if (_entries.Count == EntriesMax)
        {
            // The one that had the most chances, the oldest of these.
            _entries.Remove(_entries.MaxBy(static entry => entry.Chosen)!);
        }

        _entries.Add(new Entry(shown));
    }

    /// <summary>One of two, drawn, that was chosen less often. There must be one.</summary>
    public FailingCase Choose(PlanChoices draws)
    {
        Entry one = _entries[draws.Draw("corpus", _entries.Count)];
        Entry two = _entries[draws.Draw("corpus", _entries.Count)];
        Entry chosen = two.Chosen < one.Chosen ? two : one;
        chosen.Chosen++;
        return chosen.Case;
    }

    private sealed class Entry(FailingCase shown)
    {
        public FailingCase Case => shown;

        public int Chosen { get; set; }
    }
}
