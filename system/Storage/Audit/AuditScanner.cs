// Reads a log from a line on, across files and forms, and checks every line and the chain between them. Queries, exports and the integrity check
// are all this one loop, so none of them can take a damaged log for a whole one.
//
// A scan of a live log sees what was durable when it began. Files that are rotated or compressed meanwhile do not disturb it, and none is removed: see
// AuditFolder.

namespace SimGraph.Storage.Audit;

/// <summary>One pass over a log. Used once.</summary>
internal sealed class AuditScanner(AuditFolder folder, Func<AuditRecord, ReadOnlyMemory<byte>, ValueTask<bool>>? visit)
{
    private ulong _last;
    private ulong _lastRead;
    private int _files;
    private AuditChain _chain = new(1, null);
    private AuditDefect? _defect;
    private bool _enough;

    /// <summary>Reads everything that is kept, or with <paramref name="after"/> from the file that holds the line behind it.</summary>
    public async Task<AuditVerification> ScanAsync(ulong after, CancellationToken cancellationToken)
    {
        folder.BeginScan();
        try
        {
            return await ScanPinnedAsync(after, cancellationToken);
        }
        finally
        {
            folder.EndScan();
        }
    }

    private async Task<AuditVerification> ScanPinnedAsync(ulong after, CancellationToken cancellationToken)
    {
        _last = folder.LastSequence;
        AuditAnchor anchor = folder.Anchor;
        ulong begin = after == 0 ? anchor.Sequence : folder.FirstOfFileWith(after == ulong.MaxValue ? after : after + 1);
        _chain = new AuditChain(begin, begin == anchor.Sequence ? anchor.Previous : null);
        _lastRead = begin - 1;
        ulong position = begin;
        while (!_enough && _defect is null && _chain.Next <= _last)
        {
            if (await folder.OpenNextAsync(position, cancellationToken) is not ({ } file, { } lines))
            {
                CheckEnd();
                break;
            }

            await using var reader = new AuditFileReader(lines, _chain);
            position = file.First + 1;
            _files++;
            if (file.First == _chain.Next)
            {
                await ReadAsync(reader, cancellationToken);
            }
            else
            {
                _defect = new AuditDefect(folder.PathOf(file), 1, _chain.Next, 0, Gap(file.First));
            }
        }

        return new AuditVerification
        {
            FirstSequence = begin,
            LastSequence = _lastRead,
            LastHash = _chain.Previous ?? AuditFormat.Genesis,
            Files = _files,
            FirstBad = _defect,
        };
    }

    private async Task ReadAsync(AuditFileReader reader, CancellationToken cancellationToken)
    {
        while (_chain.Next <= _last && await reader.MoveNextAsync(cancellationToken))
        {
            _lastRead = reader.Record.Sequence;
            if (visit is not null && !await visit(reader.Record, reader.Line))
            {
                _enough = true;
                return;
            }
        }

        _defect = reader.Defect;
    }

    private void CheckEnd()
    {
        if (_last != ulong.MaxValue)
        {
            _defect = new AuditDefect(folder.Directory, 1, _chain.Next, 0, $"events {_chain.Next} to {_last} are missing");
        }
        else if (_files == 0 && _chain.Next > 1)
        {
            _defect = new AuditDefect(folder.AnchorPath, 1, _chain.Next, 0, "the chain goes on behind the anchor, but no file of it is there");
        }
    }

    private string Gap(ulong first) => first > _chain.Next
        ? $"events {_chain.Next} to {first - 1} are missing before this file"
        : $"this file begins with event {first}, but the files before it end with event {_chain.Next - 1}";
}
