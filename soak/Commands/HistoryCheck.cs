using System.Diagnostics;
using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Formats;
using SimGraph.Soak.Rendering;
using Spectre.Console;

namespace SimGraph.Soak.Commands;

/// <summary>Judges files, one line for each, and says why the broken ones are.</summary>
internal sealed class HistoryCheck(HistoryModel model, TimeSpan timeLimit, long memoryBytes, Terminal terminal)
{
    /// <summary>A verdict that did not come in time: the code of what should happen in time and does not.</summary>
    private const int Unclear = 3;

    private const int NotLinearizable = 2;
    private readonly List<(string File, HistoryReport Report)> _reports = [];

    public int Run(IReadOnlyList<string> files, string? picture)
    {
        var total = Stopwatch.StartNew();
        int width = files.Max(static file => file.Length);
        foreach (string file in files)
        {
            var time = Stopwatch.StartNew();
            HistoryReport report = Judge(file, time);
            _reports.Add((file, report));
            WriteLine(file.PadRight(width), report, time.Elapsed);
        }

        terminal.Out.WriteLine(
            $"{Quantity.Count(files.Count)} {(files.Count == 1 ? "history" : "histories")} in {Quantity.Time(total.Elapsed)}: "
            + $"{Count(Verdict.Linearizable)} linearizable, {Count(Verdict.NotLinearizable)} not, {Count(Verdict.Unknown)} unknown");
        WriteExplanations();
        WritePicture(picture);
        return Count(Verdict.NotLinearizable) > 0 ? NotLinearizable : Count(Verdict.Unknown) > 0 ? Unclear : ExitCodes.Held;
    }

    private int Count(Verdict verdict) => _reports.Count(checkedFile => checkedFile.Report.Verdict == verdict);

    private HistoryReport Judge(string file, Stopwatch time)
    {
        var limits = new CheckLimits
        {
            MemoryBytesMax = memoryBytes,
            IsTimeUp = () => time.Elapsed > timeLimit || terminal.Interrupted.IsCancellationRequested,
        };
        try
        {
            HistoryReport report = model.Check(Path.GetFileName(file), File.ReadLines(file), limits);
            terminal.Interrupted.ThrowIfCancellationRequested();
            return report;
        }
        catch (HistoryFormatException exception)
        {
            throw new UsageException($"{file}:{exception.Line}: {exception.Problem}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {exception.Message}");
        }
    }

    private void WriteLine(string file, HistoryReport report, TimeSpan time)
    {
        (string verdict, string style) = report.Verdict switch
        {
            Verdict.Linearizable => ("linearizable", "green"),
            Verdict.NotLinearizable => ("NOT linearizable", "red bold"),
            _ => ("unknown", "yellow bold"),
        };
        terminal.Out.Write($"{file}  ");
        terminal.Console.Markup($"[{style}]{verdict,-16}[/]");
        terminal.Out.WriteLine(
            $"  {Quantity.Count(report.Operations),7} operations  {Quantity.Count(report.Partitions),4} partitions  {Quantity.Count(report.States),9} states  {Quantity.Time(time),9}");
    }

    private void WriteExplanations()
    {
        foreach ((string file, HistoryReport report) in _reports.Where(static checkedFile => checkedFile.Report.Explanation is not null))
        {
            terminal.Out.WriteLine();
            terminal.Console.MarkupLine($"[bold]{Markup.Escape(file)}[/]");
            foreach (string line in report.Explanation!.Split('\n'))
            {
                terminal.Out.WriteLine($"  {line}");
            }
        }
    }

    private void WritePicture(string? picture)
    {
        if (picture is null || _reports.Find(static checkedFile => checkedFile.Report.Picture is not null).Report is not { } broken)
        {
            return;
        }

        try
        {
            File.WriteAllText(picture, broken.Picture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--picture: {picture} cannot be written: {exception.Message}");
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Picture: {picture}");
    }
}
