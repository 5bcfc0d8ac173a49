using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Choices;

/// <summary>Passes every choice on to another source and keeps the answers.</summary>
public sealed class RecordingChoices(IChoiceSource inner) : IChoiceSource
{
    /// <summary>What was chosen so far.</summary>
    public ChoiceRecording Recording { get; } = new() { Picks = inner.Picks };

    /// <inheritdoc/>
    public bool Picks => inner.Picks;

    /// <inheritdoc/>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        uint value = inner.Next(site, machine, ordinal, bound);
        Recording.Add(value, ChoiceRecording.Fingerprint(site, machine, ordinal, bound));
        return value;
    }

    /// <inheritdoc/>
    public uint Pick(ChoiceSite site, ulong ordinal, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        uint bound = (uint)ready.Count;
        uint position = inner.Pick(site, ordinal, ready);
        if (bound > 1)
        {
            Recording.Add(position, ChoiceRecording.Fingerprint(site, machine: 0, ordinal, bound));
        }

        return position;
    }
}
