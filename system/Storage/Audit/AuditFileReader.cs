namespace SimGraph.Storage.Audit;

/// <summary>Reads one file of the log line by line and checks the chain on the way. Owns the handle. One caller.</summary>
internal sealed class AuditFileReader(AuditLineReader lines, AuditChain chain) : IAsyncDisposable
{
    private AuditRecord? _record;

    /// <summary>The last good line; there is one when <see cref="Lines"/> is not zero.</summary>
    public AuditRecord Record => _record!;

    /// <summary>Its bytes without the end; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Line => lines.Line;

    /// <summary>Where it begins.</summary>
    public long Offset => lines.Offset;

    /// <summary>Where the next line begins; at a defect, where the bad line begins.</summary>
    public long GoodBytes { get; private set; }

    /// <summary>Good lines so far.</summary>
    public long Lines { get; private set; }

    /// <summary>The bad line at which reading ended; null while all is well.</summary>
    public AuditDefect? Defect { get; private set; }

    /// <summary>Goes to the next good line. False at the end of the file or at a <see cref="Defect"/>.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (Defect is not null || !await lines.MoveNextAsync(cancellationToken))
        {
            return false;
        }

        AuditRecord? record = null;
        string? reason = lines.Damage
            ?? AuditLineParser.TryParse(lines.Line.Span, out record)
            ?? chain.TryAdvance(record, isFirstOfFile: Lines == 0);
        if (reason is not null)
        {
            Defect = new AuditDefect(lines.Path, lines.Number, chain.Next, lines.Offset, reason);
            return false;
        }

        _record = record;
        Lines++;
        GoodBytes = lines.NextOffset;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await lines.DisposeAsync();
}
