// The log without its payloads: where it starts and ends, and the term of each entry as runs of equal terms (few: one for each change of
// leader). Appends are judged against it in the order in which they are accepted, so that nothing is written that could not be read back.
// Pure; the caller serialises.

namespace SimGraph.Storage.Log;

/// <summary>Start, last index and terms of a log.</summary>
internal sealed class LogShape
{
    private readonly List<LogPosition> _runs = [];

    public LogShape(LogPosition start, IReadOnlyList<LogEntry> entries)
    {
        Start = start;
        Last = start.Index;
        for (int i = 0; i < entries.Count; i++)
        {
            Append(entries[i].Index, entries[i].Term);
        }
    }

    public LogPosition Start { get; private set; }

    public ulong Last { get; private set; }

    /// <summary>Why the batch cannot follow what is there; null if it can. Changes nothing.</summary>
    public string? Refusal(LogBatch batch, out StartEffect effect)
    {
        effect = StartEffect.None;
        ulong start = Start.Index;
        ulong last = Last;
        if (batch.Start is { } position)
        {
            if (position.Index == start && position != Start)
            {
                return $"start ({position.Index}, term {position.Term}) contradicts the present start of term {Start.Term}";
            }

            if (position.Index > start)
            {
                effect = Holds(position) ? StartEffect.KeepsEntriesBehind : StartEffect.ForgetsAll;
                start = position.Index;
                last = effect == StartEffect.KeepsEntriesBehind ? last : start;
            }
        }

        for (int i = 0; i < batch.Entries.Count; i++)
        {
            ulong index = batch.Entries[i].Index;
            if (index <= start)
            {
                return $"entry {index} lies at or before the start {start}";
            }

            if (index - 1 > last)
            {
                return $"entry {index} leaves a gap behind the last entry {last}";
            }

            last = index;
        }

        return null;
    }

    /// <summary>Takes over a batch that was not refused.</summary>
    public void Apply(LogBatch batch, StartEffect effect)
    {
        if (effect != StartEffect.None)
        {
            MoveStart(batch.Start!.Value, effect);
        }

        for (int i = 0; i < batch.Entries.Count; i++)
        {
            Append(batch.Entries[i].Index, batch.Entries[i].Term);
        }
    }

    private bool Holds(LogPosition position)
    {
        if (position.Index <= Start.Index || position.Index > Last)
        {
            return false;
        }

        int run = _runs.Count - 1;
        while (_runs[run].Index > position.Index)
        {
            run--;
        }

        return _runs[run].Term == position.Term;
    }

    private void MoveStart(LogPosition start, StartEffect effect)
    {
        Start = start;
        if (effect == StartEffect.ForgetsAll || Last == start.Index)
        {
            _runs.Clear();
            Last = start.Index;
            return;
        }

        int gone = 0;
        while (gone + 1 < _runs.Count && _runs[gone + 1].Index <= start.Index + 1)
        {
            gone++;
        }

        _runs.RemoveRange(0, gone);
    }

    private void Append(ulong index, ulong term)
    {
        while (_runs.Count > 0 && _runs[^1].Index >= index)
        {
            _runs.RemoveAt(_runs.Count - 1);
        }

        if (_runs.Count == 0 || _runs[^1].Term != term)
        {
            _runs.Add(new LogPosition(index, term));
        }

        Last = index;
    }
}
