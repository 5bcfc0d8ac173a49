// The file of a failing schedule of the fine lane: Coyote's trace, behind lines that say whose it is. Written by the rewritten test programs, which include
// this source, and read by them and by `simgraph repro`.
//
// How the two talk: repro runs the test with the file's path in one variable of the environment; the test then runs that one schedule in place of its search,
// and writes what came of it into the file that another variable names.

using System.Diagnostics.CodeAnalysis;

namespace SimGraph.Soak.FineLane;

/// <summary>A failing schedule and the test that it is one of.</summary>
internal sealed record FineLaneTrace
{
    /// <summary>Holds the path of the trace that a test replays.</summary>
    public const string ReplayVariable = "SIMGRAPH_FINE_LANE_REPLAY";

    /// <summary>Holds the path of the file for what came of it.</summary>
    public const string VerdictVariable = "SIMGRAPH_FINE_LANE_VERDICT";

    /// <summary>Holds the folder for traces; otherwise they are written beside the test program.</summary>
    public const string FolderVariable = "SIMGRAPH_FINE_LANE_TRACES";

    /// <summary>The first line of a verdict; the failure follows, if there is one.</summary>
    public const string VerdictHead = "simgraph-fine-lane-verdict 1";

    private const string Head = "simgraph-fine-lane 1";

    /// <summary>Name of the test program, which is that of its assembly.</summary>
    public required string Program { get; init; }

    /// <summary>How it was built: Debug or Release. The other is other code, with other schedules.</summary>
    public required string Configuration { get; init; }

    /// <summary>The test method with its class.</summary>
    public required string Test { get; init; }

    /// <summary>The scenario in it.</summary>
    public required string Name { get; init; }

    /// <summary>Coyote's own text.</summary>
    public required string Trace { get; init; }

    public string ToText() => string.Join('\n', Head, $"program {Program}", $"configuration {Configuration}", $"test {Test}", $"name {Name}", string.Empty, Trace);

    /// <summary>False if the text is something else.</summary>
    /// <exception cref="FormatException">It says that it is such a trace, and is damaged.</exception>
    public static bool TryParse(string text, [NotNullWhen(true)] out FineLaneTrace? trace)
    {
        trace = null;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n', 7);
        if (lines[0] != Head)
        {
            return false;
        }

        string Value(int line, string key) => lines.Length == 7 && lines[line].StartsWith(key + ' ', StringComparison.Ordinal)
            ? lines[line][(key.Length + 1)..]
            : throw new FormatException($"line {line + 1} should begin with '{key}'");
        trace = new FineLaneTrace
        {
            Program = Value(1, "program"),
            Configuration = Value(2, "configuration"),
            Test = Value(3, "test"),
            Name = Value(4, "name"),
            Trace = lines[6],
        };
        return true;
    }
}
