using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>
/// Hears of what was applied to a graph. Called by whoever applies log entries, in their order, behind each one; never blocks and never throws.
/// </summary>
public interface IGraphChangeSink
{
    /// <summary>A command was applied. Commands that were refused and entries without a command are not told.</summary>
    /// <param name="index">Index of its log entry; greater than any before.</param>
    /// <param name="command">What was done.</param>
    /// <param name="outcome">What came of it: the ids that it gave.</param>
    void Applied(ulong index, GraphCommand command, GraphOutcome outcome);

    /// <summary>The graph was replaced as a whole by the one after an entry: what was applied in between is not told one by one.</summary>
    void Replaced(ulong index);
}
