namespace SimGraph.Properties.Linearizability;

/// <summary>A kind of history that can be read and judged.</summary>
/// <param name="name">What it is called on the command line.</param>
/// <param name="description">One line for a reader.</param>
/// <param name="check">Judges the lines of a history; the title is for pictures.</param>
public sealed class HistoryModel(string name, string description, Func<string, IEnumerable<string>, CheckLimits, HistoryReport> check)
{
    /// <summary>What it is called on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>One line for a reader.</summary>
    public string Description { get; } = description;

    /// <summary>Judges a history.</summary>
    /// <param name="title">Where it is from; for pictures.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="limits">When to give up.</param>
    /// <exception cref="Formats.HistoryFormatException">A line cannot be understood.</exception>
    public HistoryReport Check(string title, IEnumerable<string> lines, CheckLimits limits) => check(title, lines, limits);
}
