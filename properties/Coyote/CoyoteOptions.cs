namespace SimGraph.Properties.Coyote;

/// <summary>How many runs Coyote explores, and from which seed.</summary>
public sealed record CoyoteOptions
{
    /// <summary>Seed of the first run; every further run adds one.</summary>
    public uint Seed { get; init; } = 1;

    /// <summary>Most runs. Default 1000.</summary>
    public int Runs { get; init; } = 1000;

    /// <summary>Most choices of one run; more is reported as a failure of the exploration. Default 50 million.</summary>
    public uint ChoicesMax { get; init; } = 50_000_000;

    /// <summary>How Coyote answers.</summary>
    public CoyoteStrategy Strategy { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Runs, 1);
        ArgumentOutOfRangeException.ThrowIfZero(ChoicesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ChoicesMax, (uint)int.MaxValue);
    }
}
