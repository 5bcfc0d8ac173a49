// What a component was asked in a window of a fast run, as JSON lines: the head, then the calls in their order. Written by `simgraph zoom`; read by it and by the rewritten test
// program, which includes this source, and which makes the calls again.
//
// How the two talk: the paths of the file and of one for the verdict, and the number of schedules, are in variables of the environment.

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SimGraph.Soak.FineLane.Zoom;

/// <summary>The calls of one component of one machine.</summary>
internal sealed record ZoomFile(ZoomHead Head, IReadOnlyList<ZoomCall> Calls)
{
    /// <summary>Ending of the file names.</summary>
    public const string Extension = ".zoom";

    /// <summary>Holds the path of the file that is replayed.</summary>
    public const string FileVariable = "SIMGRAPH_ZOOM_FILE";

    /// <summary>Holds how many schedules are made, of all lives together.</summary>
    public const string SchedulesVariable = "SIMGRAPH_ZOOM_SCHEDULES";

    /// <summary>Holds the path of the file for what came of it.</summary>
    public const string VerdictVariable = "SIMGRAPH_ZOOM_VERDICT";

    /// <summary>More calls would make schedules so long that few are made.</summary>
    public const int CallsMax = 1000;

    /// <summary>What is known to the fine lane.</summary>
    public static IReadOnlyList<string> Components { get; } = ["wal", "inbox"];

    /// <summary>How often the component was opened.</summary>
    public int Lives => Calls.Count(static call => call.Call == ZoomCall.Open);

    public string ToText() =>
        string.Concat(Calls.Select(static call => JsonSerializer.Serialize(call, ZoomJson.Default.ZoomCall)).Prepend(JsonSerializer.Serialize(Head, ZoomJson.Default.ZoomHead)).Select(static line => line + "\n"));

    /// <exception cref="FormatException">Says which line is damaged, and how.</exception>
    public static ZoomFile Parse(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        ZoomHead head = Read(lines, 0, ZoomJson.Default.ZoomHead);
        Check(head.Format == ZoomHead.PresentFormat, 0, $"the format is '{head.Format}', not '{ZoomHead.PresentFormat}'");
        Check(Components.Contains(head.Component), 0, $"there is no component '{head.Component}'");
        Check(lines.Length <= (2 * CallsMax) + 1, lines.Length - 1, $"more than {CallsMax} calls");
        var calls = new List<ZoomCall>();
        var lives = new HashSet<int>();
        for (int line = 1; line < lines.Length; line++)
        {
            ZoomCall call = Read(lines, line, ZoomJson.Default.ZoomCall);
            Check(calls.Count == 0 || call.Number > calls[^1].Number, line, "the numbers must grow");
            bool opens = call.Call == ZoomCall.Open;
            Check(opens ? lives.Add(call.Life) : lives.Contains(call.Life), line, opens ? $"life {call.Life} has begun already" : $"life {call.Life} has not begun with '{ZoomCall.Open}'");
            calls.Add(call);
        }

        return new ZoomFile(head, calls);
    }

    private static T Read<T>(string[] lines, int line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(lines[line], type) ?? throw new FormatException($"line {line + 1}: nothing");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"line {line + 1}: {exception.Message}", exception);
        }
    }

    private static void Check(bool condition, int line, string problem)
    {
        if (!condition)
        {
            throw new FormatException($"line {line + 1}: {problem}");
        }
    }
}
