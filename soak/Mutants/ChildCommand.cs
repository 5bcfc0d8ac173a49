namespace SimGraph.Soak.Mutants;

/// <summary>A program to run, and for how long.</summary>
internal sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments, string Folder, TimeSpan Limit)
{
    /// <summary>Variables that it sees differently; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
