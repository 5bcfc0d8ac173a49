namespace SimGraph.Simulation.Choices;

/// <summary>
/// Draws a plan from a source of choices before there is a world: the options of a run are choices like any other, recorded and replayed with it. The
/// ordinals are counted for each name, so that a new option shifts no other.
/// </summary>
public sealed class PlanChoices(IChoiceSource choices)
{
    private readonly Dictionary<string, (ChoiceSite Site, ulong Count)> _drawn = new(StringComparer.Ordinal);

    /// <summary>A number in [0, <paramref name="bound"/>).</summary>
    public int Draw(string option, int bound)
    {
        ArgumentException.ThrowIfNullOrEmpty(option);
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        (ChoiceSite site, ulong count) = _drawn.TryGetValue(option, out (ChoiceSite Site, ulong Count) known)
            ? known
            : (new ChoiceSite($"plan.{option}", index: 0), 0);
        _drawn[option] = (site, count + 1);
        return (int)choices.Next(site, machine: 0, count, (uint)bound);
    }
}
