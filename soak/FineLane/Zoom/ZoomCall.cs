namespace SimGraph.Soak.FineLane.Zoom;

/// <summary>One call of a component in the fast run; a line of the file.</summary>
internal sealed record ZoomCall
{
    /// <summary>The call that begins a life.</summary>
    public const string Open = "open";

    /// <summary>An argument of some calls: where the component stood when it had taken the call.</summary>
    public const string Position = "position";

    /// <summary>Its place among the calls of the component.</summary>
    public required int Number { get; init; }

    /// <summary>Step of the run.</summary>
    public required long Step { get; init; }

    /// <summary>Which life of the component it belongs to.</summary>
    public required int Life { get; init; }

    /// <summary>The task that called.</summary>
    public required string Caller { get; init; }

    public required string Call { get; init; }

    public required ZoomOutcome Outcome { get; init; }

    /// <summary>Number of the first call before which it had ended; null if it had not by the last one, or if it was over when it returned.</summary>
    public int? Ended { get; init; }

    public required IReadOnlyDictionary<string, long[]> Arguments { get; init; }

    /// <summary>The one number of an argument.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public long ValueOf(string name) => ValuesOf(name) is [long value] ? value : throw Bad(name, "one number");

    /// <summary>The numbers of an argument; none if it is not given.</summary>
    public IReadOnlyList<long> ValuesOf(string name) => Arguments.TryGetValue(name, out long[]? values) ? values : [];

    /// <summary>What is wrong with an argument.</summary>
    public FormatException Bad(string name, string expected) => new($"call {Number} ({Call}): '{name}' should be {expected}");
}
