using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>Sizes and limits of queries over a graph.</summary>
public sealed record QueryOptions
{
    /// <summary>Sizes of the streams.</summary>
    public StreamOptions Stream { get; init; } = new();

    /// <summary>Elements that are read at a time. Default 256.</summary>
    public int PageSize { get; init; } = 256;

    /// <summary>Nodes that one traversal may meet: it remembers each. Default 1 million.</summary>
    public int VisitedMax { get; init; } = 1_000_000;

    /// <summary>Labels that one count may meet. Default 65,536.</summary>
    public int GroupsMax { get; init; } = 65_536;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        Stream.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageSize, GraphLimits.ElementsPerAnswerMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(VisitedMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(GroupsMax, 1);
    }
}
