using SimGraph.Simulation.Choices;

namespace SimGraph.Properties.Storage;

/// <summary>Asks a source once, and can give the same answers once more: for a run that is made twice, the second time to be looked at.</summary>
internal sealed class RememberedChoices(IChoiceSource source) : IChoiceSource
{
    private readonly List<uint> _answers = [];
    private int _next;

    /// <summary>The next questions are those from the beginning.</summary>
    public void Rewind() => _next = 0;

    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        if (_next == _answers.Count)
        {
            _answers.Add(source.Next(site, machine, ordinal, bound));
        }

        return _answers[_next++];
    }
}
