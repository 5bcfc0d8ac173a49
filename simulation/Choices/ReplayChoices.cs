using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Choices;

/// <summary>Answers from a recording, and checks at every choice that the run asks what it asked when it was recorded.</summary>
public sealed class ReplayChoices(ChoiceRecording recording) : IChoiceSource
{
    private int _position;

    /// <inheritdoc/>
    public bool Picks => recording.Picks;

    /// <inheritdoc/>
    /// <exception cref="ReplayDivergedException">The run asks for another choice than the recorded one did, or for more.</exception>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound)
    {
        if (_position >= recording.Count)
        {
            throw new ReplayDivergedException($"the run asks for choice {_position} ({site.Name}), but only {recording.Count} were recorded");
        }

        ushort question = ChoiceRecording.Fingerprint(site, machine, ordinal, bound);
        if (question != recording.QuestionAt(_position))
        {
            throw new ReplayDivergedException(
                $"choice {_position} was another question when it was recorded; now it is {site.Name} for machine {machine}, ordinal {ordinal}, below {bound}");
        }

        uint value = recording.ValueAt(_position++);
        return value < bound ? value : throw new ReplayDivergedException($"choice {_position - 1} ({site.Name}) was {value}, which is not below {bound}");
    }

    /// <inheritdoc/>
    /// <exception cref="ReplayDivergedException">As for <see cref="Next"/>.</exception>
    public uint Pick(ChoiceSite site, ulong ordinal, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        return ready.Count == 1 ? 0 : Next(site, machine: 0, ordinal, (uint)ready.Count);
    }
}
