using System.Text.Json.Serialization;

namespace SimGraph.Soak.Mutants;

/// <summary>A row of <c>properties/planted/index.json</c>: a patch, and what is expected to find it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlantedDefect
{
    /// <summary>Name of the patch without its ending: the id, a dash, and what is wrong in a few words.</summary>
    public required string Patch { get; init; }

    public required string Title { get; init; }

    /// <summary>What explores it. Empty when no run can show it: then <see cref="Test"/> does.</summary>
    public IReadOnlyList<string> Scenarios
    {
        get;

        // The generated reader of JSON sets also what a row leaves out, to null.
        init => field = value ?? [];
    } = [];

    /// <summary>The test that fails, for what only a test shows: its class and its name.</summary>
    public string? Test { get; init; }

    /// <summary>Why no run shows it.</summary>
    public string? Note { get; init; }

    /// <summary>Its row in the catalogue of defects; several patches may be ways to make the same mistake.</summary>
    [JsonIgnore]
    public string Id => Patch.Split('-')[0];
}
