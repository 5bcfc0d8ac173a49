namespace SimGraph.Tests.Storage;

/// <summary>A file of a <see cref="MemoryDisk"/>, whatever its names. Guarded by the disk's lock.</summary>
internal sealed class MemoryInode(byte[] bytes)
{
    private readonly List<Change> _pending = [];
    private byte[] _durable = [.. bytes];

    /// <summary>What a reader sees.</summary>
    public byte[] Bytes { get; private set; } = [.. bytes];

    public void Write(long offset, byte[] bytes)
    {
        Bytes = Apply(Bytes, new Change(offset, bytes, -1));
        _pending.Add(new Change(offset, bytes, -1));
    }

    public void SetLength(long length)
    {
        Bytes = Apply(Bytes, new Change(0, [], length));
        _pending.Add(new Change(0, [], length));
    }

    public void Flush()
    {
        foreach (Change change in _pending)
        {
            _durable = Apply(_durable, change);
        }

        _pending.Clear();
    }

    /// <summary>A flush that failed: nobody remembers any more that these bytes are dirty.</summary>
    public void LosePendingSilently() => _pending.Clear();

    public byte[] AfterPowerLoss(Func<bool> keeps, int sectorBytes)
    {
        byte[] left = _durable;
        foreach (Change change in _pending)
        {
            if (change.Length >= 0)
            {
                left = keeps() ? Apply(left, change) : left;
                continue;
            }

            for (int at = 0; at < change.Bytes.Length;)
            {
                int inSector = (int)((change.Offset + at) % sectorBytes);
                int count = Math.Min(sectorBytes - inSector, change.Bytes.Length - at);
                left = keeps() ? Apply(left, new Change(change.Offset + at, change.Bytes[at..(at + count)], -1)) : left;
                at += count;
            }
        }

        return left;
    }

    public byte[] WithPrefixOfWrites(int bytes)
    {
        byte[] left = _durable;
        foreach (Change change in _pending)
        {
            left = Apply(left, change with { Bytes = change.Bytes[..Math.Min(bytes, change.Bytes.Length)] });
        }

        return left;
    }

    private static byte[] Apply(byte[] image, Change change)
    {
        long length = change.Length >= 0 ? change.Length : Math.Max(image.Length, change.Bytes.Length == 0 ? 0 : change.Offset + change.Bytes.Length);
        byte[] next = new byte[length];
        image.AsSpan(0, (int)Math.Min(length, image.Length)).CopyTo(next);
        change.Bytes.CopyTo(next.AsSpan((int)Math.Min(change.Offset, length)));
        return next;
    }

    private sealed record Change(long Offset, byte[] Bytes, long Length);
}
