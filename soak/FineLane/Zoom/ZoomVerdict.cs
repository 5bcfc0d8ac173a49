using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SimGraph.Soak.FineLane.Zoom;

/// <summary>What came of making the calls again.</summary>
/// <param name="Schedules">Schedules that were run.</param>
/// <param name="TraceFile">The failing one; null if all held.</param>
/// <param name="Bug">Coyote's report of it.</param>
internal sealed record ZoomVerdict(int Schedules, string? TraceFile, string? Bug)
{
    private const string Head = "simgraph-zoom-verdict 1";

    public string ToText() => string.Join('\n', Head, Schedules.ToString(CultureInfo.InvariantCulture), TraceFile, Bug);

    public static bool TryParse(string text, [NotNullWhen(true)] out ZoomVerdict? verdict)
    {
        string[] lines = text.Split('\n', 4);
        verdict = lines.Length == 4 && lines[0] == Head && int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out int schedules)
            ? new ZoomVerdict(schedules, lines[2].Length == 0 ? null : lines[2], lines[3].Length == 0 ? null : lines[3])
            : null;
        return verdict is not null;
    }
}
