using System.Globalization;
using SimGraph.Coyote.Tests.Engine;
using SimGraph.Soak.FineLane.Zoom;

namespace SimGraph.Coyote.Tests.Zoom;

/// <summary>Which calls are made again: those that `simgraph zoom` or a trace asks for, otherwise those of the samples.</summary>
internal sealed record ZoomRequest(IReadOnlyList<ZoomFile> Files, int Schedules, string? VerdictFile)
{
    private const int SampleSchedules = 60;

    internal static ZoomRequest Read()
    {
        if (FineLaneReplay.Current is { } replay)
        {
            return new ZoomRequest(replay.Asked.Input is { } input ? [ZoomFile.Parse(input)] : [], 1, null);
        }

        if (Environment.GetEnvironmentVariable(ZoomFile.FileVariable) is { Length: > 0 } file)
        {
            string? schedules = Environment.GetEnvironmentVariable(ZoomFile.SchedulesVariable);
            return new ZoomRequest(
                [ZoomFile.Parse(File.ReadAllText(file))],
                int.Parse(schedules ?? "1", CultureInfo.InvariantCulture),
                Environment.GetEnvironmentVariable(ZoomFile.VerdictVariable));
        }

        return new ZoomRequest(Samples(), SampleSchedules, null);
    }

    /// <summary>A sample of a component.</summary>
    internal static ZoomFile Sample(string component) => Samples().First(file => file.Head.Component == component);

    private static ZoomFile[] Samples() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Zoom", "Samples"), "*" + ZoomFile.Extension)
            .Order(StringComparer.Ordinal)
            .Select(static file => ZoomFile.Parse(File.ReadAllText(file))),
    ];
}
