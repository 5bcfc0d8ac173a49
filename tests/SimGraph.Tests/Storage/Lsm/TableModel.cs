using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>What a table must be equal to: a sorted list of versions, and a position in it that is -1 when there is none.</summary>
internal sealed class TableModel(IEnumerable<TableVersion> versions)
{
    public IReadOnlyList<TableVersion> Versions { get; } = [.. new SortedSet<TableVersion>(versions)];

    public int Position { get; private set; } = -1;

    public TableVersion? Shown => Position < 0 ? null : Versions[Position];

    public void SeekToFirst() => Go(0);

    public void SeekToLast() => Go(Versions.Count - 1);

    public void Seek(byte[] key, ulong sequence)
    {
        var target = new TableVersion(key, sequence, EntryKind.Put, []);
        Go(Versions.TakeWhile(version => version.CompareTo(target) < 0).Count());
    }

    public void SeekBefore(byte[] key) => Go(Versions.TakeWhile(version => Convert.ToHexString(version.Key).CompareTo(Convert.ToHexString(key), StringComparison.Ordinal) < 0).Count() - 1);

    public void MoveNext() => Go(Position + 1);

    public void MovePrevious() => Go(Position - 1);

    public TableVersion? Find(byte[] key, ulong sequence) =>
        Versions.FirstOrDefault(version => version.Key.AsSpan().SequenceEqual(key) && version.Sequence <= sequence);

    private void Go(int position) => Position = position >= 0 && position < Versions.Count ? position : -1;
}
