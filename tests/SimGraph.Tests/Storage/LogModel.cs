// The specification of the log as a list: what a batch does, without files.

using System.Globalization;
using System.Text;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Storage;

/// <summary>The log as plain data. Immutable.</summary>
internal sealed record LogModel(string State, LogPosition Start, IReadOnlyList<LogEntry> Entries)
{
    public static LogModel Empty { get; } = new("none", default, []);

    public ulong Last => Entries.Count > 0 ? Entries[^1].Index : Start.Index;

    public static LogModel Of(LogRecovery recovery) => new(Text(recovery.State), recovery.Start, recovery.Entries);

    public LogModel After(LogBatch batch)
    {
        LogModel model = this;
        foreach (LogModel step in Steps(batch))
        {
            model = step;
        }

        return model;
    }

    /// <summary>The models after each part of the batch: what a crash may leave.</summary>
    public IEnumerable<LogModel> Steps(LogBatch batch)
    {
        LogModel model = this;
        if (batch.State is not null)
        {
            yield return model = model with { State = Text(batch.State) };
        }

        if (batch.Start is { } start && start.Index > model.Start.Index)
        {
            bool held = model.Entries.Any(entry => entry.Index == start.Index && entry.Term == start.Term);
            yield return model = model with { Start = start, Entries = held ? [.. model.Entries.Where(entry => entry.Index > start.Index)] : [] };
        }

        foreach (LogEntry entry in batch.Entries)
        {
            yield return model = model with { Entries = [.. model.Entries.Where(old => old.Index < entry.Index), entry] };
        }
    }

    /// <summary>Everything, as text: equal texts are equal logs.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"state {State}; start {Start.Index}/{Start.Term};");
        foreach (LogEntry entry in Entries)
        {
            text.Append(CultureInfo.InvariantCulture, $" {entry.Index}/{entry.Term}/{entry.Kind}:{Convert.ToHexString(entry.Payload.Span)}");
        }

        return text.ToString();
    }

    private static string Text(ReadOnlyMemory<byte>? state) => state is { } bytes ? Convert.ToHexString(bytes.Span) : "none";
}
