using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Storage.Wal;

/// <summary>The specification of a log as a list: what a batch does, without files. Immutable.</summary>
/// <param name="State">The newest state; null if there was none.</param>
/// <param name="Start">The log begins behind it.</param>
/// <param name="Entries">The entries behind it.</param>
internal sealed record WalModel(ReadOnlyMemory<byte>? State, LogPosition Start, ImmutableList<LogEntry> Entries)
{
    public static WalModel Empty { get; } = new(null, default, []);

    public ulong Last => Start.Index + (ulong)Entries.Count;

    public static WalModel Of(LogRecovery recovery) => new(recovery.State, recovery.Start, [.. recovery.Entries]);

    public WalModel After(LogBatch batch)
    {
        WalModel model = this;
        foreach (WalModel step in Steps(batch))
        {
            model = step;
        }

        return model;
    }

    /// <summary>The models after each part of the batch: what a crash may leave of it.</summary>
    public IEnumerable<WalModel> Steps(LogBatch batch)
    {
        WalModel model = this;
        if (batch.State is { } state)
        {
            yield return model = model with { State = state };
        }

        if (batch.Start is { } start && start.Index > model.Start.Index)
        {
            bool held = start.Index <= model.Last && model.TermOf(start.Index) == start.Term;
            yield return model = model with
            {
                Start = start,
                Entries = held ? model.Entries.RemoveRange(0, (int)(start.Index - model.Start.Index)) : [],
            };
        }

        foreach (LogEntry entry in batch.Entries)
        {
            int kept = (int)(entry.Index - model.Start.Index - 1);
            yield return model = model with { Entries = model.Entries.RemoveRange(kept, model.Entries.Count - kept).Add(entry) };
        }
    }

    /// <summary>The term of an entry that is there.</summary>
    public ulong TermOf(ulong index) => Entries[(int)(index - Start.Index - 1)].Term;

    /// <summary>True when both are the same log, byte for byte.</summary>
    public bool Holds(WalModel other)
    {
        if (Start != other.Start || Entries.Count != other.Entries.Count || State.HasValue != other.State.HasValue
            || !State.GetValueOrDefault().Span.SequenceEqual(other.State.GetValueOrDefault().Span))
        {
            return false;
        }

        using ImmutableList<LogEntry>.Enumerator left = Entries.GetEnumerator();
        using ImmutableList<LogEntry>.Enumerator right = other.Entries.GetEnumerator();
        while (left.MoveNext() && right.MoveNext())
        {
            LogEntry one = left.Current;
            LogEntry two = right.Current;
            bool isSame = ReferenceEquals(one, two)
                || (one.Index == two.Index && one.Term == two.Term && one.Kind == two.Kind && one.Payload.Span.SequenceEqual(two.Payload.Span));
            if (!isSame)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>In a line: the start, the end, and the last entries.</summary>
    public string Describe()
    {
        const int EntriesShown = 12;
        var text = new StringBuilder();
        string state = State is { } bytes ? Convert.ToHexString(bytes.Span) : "none";
        text.Append(CultureInfo.InvariantCulture, $"state {state}, start {Start.Index}/{Start.Term}, {Entries.Count} entries:");
        for (int i = Math.Max(0, Entries.Count - EntriesShown); i < Entries.Count; i++)
        {
            LogEntry entry = Entries[i];
            ReadOnlySpan<byte> payload = entry.Payload.Span;
            string shown = Convert.ToHexString(payload[..Math.Min(4, payload.Length)]);
            text.Append(CultureInfo.InvariantCulture, $" {entry.Index}/{entry.Term}:{shown}x{payload.Length}");
        }

        return text.ToString();
    }
}
