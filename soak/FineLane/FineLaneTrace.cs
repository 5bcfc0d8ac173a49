// The file of a failing schedule of the fine lane: Coyote's trace, behind lines that say whose it is. Written by the rewritten test programs, which include
// this source, and read by them and by `simgraph repro`.
//
// How the two talk: repro runs the test with the file's path in one variable of the environment; the test then runs that one schedule in place of its search,
// and writes what came of it into the file that another variable names.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

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
    private const int InputLine = 5;

    /// <summary>Name of the test program, which is that of its assembly.</summary>
    public required string Program { get; init; }

    /// <summary>How it was built: Debug or Release. The other is other code, with other schedules.</summary>
    public required string Configuration { get; init; }

    /// <summary>The test method with its class.</summary>
    public required string Test { get; init; }

    /// <summary>The scenario in it.</summary>
    public required string Name { get; init; }

    /// <summary>What the scenario was made from, if it is not in the program; it ends without a line break.</summary>
    public string? Input { get; init; }

    /// <summary>Coyote's own text.</summary>
    public required string Trace { get; init; }

    public string ToText() => string.Join(
        '\n', [Head, $"program {Program}", $"configuration {Configuration}", $"test {Test}", $"name {Name}", .. InputLines(), string.Empty, Trace]);

    /// <summary>False if the text is something else.</summary>
    /// <exception cref="FormatException">It says that it is such a trace, and is damaged.</exception>
    public static bool TryParse(string text, [NotNullWhen(true)] out FineLaneTrace? parsed)
    {
        parsed = null;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        if (lines[0] != Head)
        {
            return false;
        }

        string Value(int line, string key) => lines.Length > line && lines[line].StartsWith(key + ' ', StringComparison.Ordinal)
            ? lines[line][(key.Length + 1)..]
            : throw new FormatException($"line {line + 1} should begin with '{key}'");
        bool hasInput = lines.Length > InputLine && lines[InputLine].Length > 0;
        int inputLines = 0;
        int trace = hasInput && int.TryParse(Value(InputLine, "input"), NumberStyles.None, CultureInfo.InvariantCulture, out inputLines) ? InputLine + inputLines + 2 : InputLine + 1;
        if (hasInput && (inputLines == 0 || inputLines > lines.Length || trace >= lines.Length || lines[trace - 1].Length > 0))
        {
            throw new FormatException($"line {InputLine + 1} should say how many lines of input follow before an empty one");
        }
        parsed = new FineLaneTrace
        {
            Program = Value(1, "program"),
            Configuration = Value(2, "configuration"),
            Test = Value(3, "test"),
            Name = Value(4, "name"),
            Input = hasInput ? string.Join('\n', lines[(InputLine + 1)..(trace - 1)]) : null,
            Trace = trace < lines.Length ? string.Join('\n', lines[trace..]) : throw new FormatException($"line {trace + 1} should begin the trace"),
        };
        return true;
    }

    private string[] InputLines() => Input is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"input {Input.Count(static character => character == '\n') + 1}"), Input];
}
