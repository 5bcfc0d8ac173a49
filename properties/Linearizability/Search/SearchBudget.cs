namespace SimGraph.Properties.Linearizability.Search;

/// <summary>What is left of the limits; shared by all searches of one check.</summary>
internal sealed class SearchBudget(long stepsMax, long memoryBytesMax, Func<bool>? isTimeUp)
{
    private const long StepsBetweenLooks = 1024;
    private bool _isTimeUp;

    public SearchBudget(CheckLimits limits)
        : this(limits.StepsMax, limits.MemoryBytesMax, limits.IsTimeUp)
    {
    }

    public long Steps { get; private set; }

    /// <summary>A part of this budget for one search.</summary>
    public SearchBudget Part(long steps) => new(Math.Max(0, Math.Min(steps, stepsMax - Steps)), memoryBytesMax, isTimeUp);

    /// <summary>Counts what a part of it has used.</summary>
    public void Charge(SearchBudget part) => Steps += part.Steps;

    /// <summary>Counts a step; false if a limit is reached.</summary>
    public bool TrySpend(long memoryBytes)
    {
        if (Steps >= stepsMax || memoryBytes > memoryBytesMax || _isTimeUp)
        {
            return false;
        }

        if (Steps++ % StepsBetweenLooks == 0 && isTimeUp is not null)
        {
            _isTimeUp = isTimeUp();
        }

        return !_isTimeUp;
    }
}
