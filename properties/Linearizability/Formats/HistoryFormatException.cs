namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>A history cannot be read.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="problem">What is wrong with it.</param>
public sealed class HistoryFormatException(int line, string problem) : Exception($"line {line}: {problem}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; } = problem;
}
