using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>What a subscriber is told: one change, or that it has missed some.</summary>
public sealed record ChangeNotice
{
    private ChangeNotice(ulong first, ulong last, GraphCommand? command, GraphOutcome? outcome)
    {
        First = first;
        Last = last;
        Command = command;
        Outcome = outcome;
    }

    /// <summary>Index of the log entry; of what was missed, the first index that may hold a change.</summary>
    public ulong First { get; }

    /// <summary>The same index; of what was missed, the last one.</summary>
    public ulong Last { get; }

    /// <summary>What was done; null when changes were missed.</summary>
    public GraphCommand? Command { get; }

    /// <summary>What came of it; null when changes were missed.</summary>
    public GraphOutcome? Outcome { get; }

    /// <summary>The changes from <see cref="First"/> to <see cref="Last"/> are not told: to go on, read the graph at <see cref="Last"/> or later.</summary>
    public bool IsMissed => Command is null;

    /// <inheritdoc/>
    public override string ToString() => IsMissed ? $"missed {First} to {Last}" : $"{First}: {Command}";

    internal static ChangeNotice Of(ulong index, GraphCommand command, GraphOutcome outcome) => new(index, index, command, outcome);

    internal static ChangeNotice Missed(ulong first, ulong last) => new(first, last, null, null);
}
