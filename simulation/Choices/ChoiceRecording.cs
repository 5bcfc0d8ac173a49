namespace SimGraph.Simulation.Choices;

/// <summary>The choices of one run, in order, each with a fingerprint of what was asked. Two flat lists: a long run has millions.</summary>
public sealed class ChoiceRecording
{
    private readonly List<uint> _values = [];
    private readonly List<ushort> _questions = [];

    /// <summary>Whether the recorded run was scheduled by picks (<see cref="IChoiceSource.Picks"/>) instead of priorities.</summary>
    public bool Picks { get; init; }

    /// <summary>Number of choices.</summary>
    public int Count => _values.Count;

    /// <summary>The chosen number.</summary>
    public uint ValueAt(int position) => _values[position];

    /// <summary>The fingerprint of the question.</summary>
    public ushort QuestionAt(int position) => _questions[position];

    /// <summary>Adds a choice.</summary>
    public void Add(uint value, ushort question)
    {
        _values.Add(value);
        _questions.Add(question);
    }

    internal static ushort Fingerprint(ChoiceSite site, int machine, ulong ordinal, uint bound) =>
        (ushort)StableHash.Combine(site.Key ^ bound, ((ulong)(uint)machine << 56) ^ ordinal);
}
