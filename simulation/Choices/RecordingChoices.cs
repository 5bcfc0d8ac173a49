namespace SimGraph.Simulation.Choices;

/// <summary>Passes every choice on to another source and keeps the answers.</summary>
public sealed class RecordingChoices(IChoiceSource inner) : IChoiceSource
{
    /// <summary>What was chosen so far.</summary>
    public ChoiceRecording Recording { get; } = new();

    /// <inheritdoc/>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        uint value = inner.Next(site, machine, ordinal, bound);
        Recording.Add(value, ChoiceRecording.Fingerprint(site, machine, ordinal, bound));
        return value;
    }
}
