// One event as one line in fixed columns. The legend is docs/event-log.md: a kind that is added here is added there.

using System.Globalization;
using System.Text;
using SimGraph.Simulation.Trace;
using static System.FormattableString;

namespace SimGraph.Soak.Rendering;

/// <summary>Writes trace events for people.</summary>
internal static class EventLine
{
    private const int MachineWidth = 9;
    private const int KindWidth = 11;
    private const int ReferenceWidth = 17;

    public const string Head = " virtual time  machine   kind        #event <-cause     detail";

    public static string Format(TraceRecord record)
    {
        var line = new StringBuilder(128);
        line.Append(record.At.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture).PadLeft(13)).Append("  ");
        Column(line, record.Machine, MachineWidth);
        Column(line, NameOf(record.Kind), KindWidth);
        string reference = Invariant($"#{record.Number}");
        Column(line, record.Cause > 0 ? Invariant($"{reference} <-{record.Cause}") : reference, ReferenceWidth);
        line.Append(' ').Append(OneLine(DetailOf(record)));
        if (record.Task is not null)
        {
            line.Append("  [").Append(record.Task).Append(']');
        }

        return line.ToString().TrimEnd();
    }

    public static string NameOf(TraceKind kind) => kind switch
    {
        TraceKind.StopRequested => "stop",
        TraceKind.PowerLoss => "power-loss",
        TraceKind.ClockJump => "clock-jump",
        TraceKind.ClockDrift => "clock-drift",
        TraceKind.Violation => "VIOLATION",
        TraceKind.Fault => "FAULT",
        TraceKind.ConnectFailed => "no-connect",
        TraceKind.DiskLoss => "disk-loss",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string DetailOf(TraceRecord record)
    {
        string numbers = NumbersOf(record);
        return record.Text is null ? numbers : numbers.Length == 0 ? record.Text : $"{numbers}: {record.Text}";
    }

    private static string NumbersOf(TraceRecord record) => record.Kind switch
    {
        TraceKind.Note or TraceKind.StopRequested or TraceKind.Pause or TraceKind.Resume or TraceKind.Wipe => string.Empty,
        TraceKind.Boot or TraceKind.Exit or TraceKind.Abort or TraceKind.Crash or TraceKind.PowerLoss => Invariant($"process {record.First}"),
        TraceKind.ClockJump => Invariant($"by {new TimeSpan(record.First).TotalSeconds:+0.000000;-0.000000} s"),
        TraceKind.ClockDrift => Invariant($"to {record.First:+0;-0;0} ppm"),
        TraceKind.Violation => Invariant($"class {record.First}"),
        TraceKind.Connect => Invariant($"c{record.First} to port {record.Second}"),
        TraceKind.Connected or TraceKind.ConnectFailed or TraceKind.Reset => Invariant($"c{record.First}"),
        TraceKind.Close => Invariant($"c{record.First} {EndOf(record.Second)}"),
        TraceKind.Send or TraceKind.Deliver => Invariant($"c{record.First} {record.Second} bytes"),
        TraceKind.Listen => Invariant($"port {record.First} {(record.Second == 1 ? "opened" : "closed")}"),
        TraceKind.Partition => record is { First: 0, Second: 0 } ? "all healed" : record.Second == 1 ? "reconnected to all" : Invariant($"healed with machine {record.First}"),
        TraceKind.File => record.First == 1 ? "changed" : "looked at",
        TraceKind.Write => record.Second < 0 ? Invariant($"length {record.First}") : Invariant($"at {record.First}, {record.Second} bytes"),
        TraceKind.Read => Invariant($"at {record.First}, {record.Second} bytes"),
        TraceKind.Flush => record.First == 0 ? "folder" : Invariant($"file {record.First}"),
        TraceKind.DiskLoss => Invariant($"{record.First} writes and {record.Second} names lost or torn"),
        TraceKind.Phase or TraceKind.Fault or TraceKind.Client when record.Text is not null => string.Empty,
        _ when record.Text is not null && record.First == 0 && record.Second == 0 => string.Empty,
        _ => Invariant($"{record.First} {record.Second}"),
    };

    private static string EndOf(long how) => how switch
    {
        1 => "half-closed",
        5 => "aborted",
        6 => "vanished",
        _ => "closed",
    };

    private static void Column(StringBuilder line, string text, int width) =>
        line.Append(text.Length > width ? string.Concat(text.AsSpan(0, width - 1), "~") : text.PadRight(width)).Append(' ');

    private static string OneLine(string text) => text.AsSpan().ContainsAny('\r', '\n') ? text.ReplaceLineEndings(" | ") : text;
}
