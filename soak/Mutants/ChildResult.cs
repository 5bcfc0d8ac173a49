namespace SimGraph.Soak.Mutants;

/// <param name="ExitCode">What it ended with; that of a killed process when it took too long.</param>
/// <param name="TookTooLong">It was killed at its limit.</param>
/// <param name="Out">The last lines of its output.</param>
/// <param name="Error">The last lines of its errors.</param>
internal sealed record ChildResult(int ExitCode, bool TookTooLong, IReadOnlyList<string> Out, IReadOnlyList<string> Error)
{
    public bool Succeeded => ExitCode == 0 && !TookTooLong;

    /// <summary>What explains a failure best, as one line.</summary>
    public string Explanation
    {
        get
        {
            string[] lines = [.. Error.Concat(Out).Select(line => line.Trim()).Where(line => line.Length > 0)];
            string said = lines.FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? $"exit code {ExitCode}";
            return TookTooLong ? $"killed, it took too long ({said})" : said;
        }
    }
}
