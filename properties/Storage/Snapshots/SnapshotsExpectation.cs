using System.Collections.Immutable;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Properties.Storage.Snapshots;

/// <summary>What a snapshot store must hold, and what it may hold instead. Immutable.</summary>
/// <param name="Certain">The newest snapshot whose save returned; null if none did.</param>
/// <param name="Possible">Newer ones whose save did not return, or failed.</param>
internal sealed record SnapshotsExpectation(StoredSnapshot? Certain, ImmutableList<StoredSnapshot> Possible)
{
    public static SnapshotsExpectation Nothing { get; } = new(null, []);

    /// <summary>What was found; it must be among what may be there.</summary>
    /// <exception cref="StorageViolationException">It is not.</exception>
    public StoredSnapshot? Find(StoredSnapshot? found)
    {
        if (IsSame(found, Certain) || Possible.Exists(possible => IsSame(found, possible)))
        {
            return found;
        }

        bool isOlder = Certain is not null && (found is null || found.Position.Index < Certain.Position.Index);
        throw new StorageViolationException(
            isOlder ? "snapshots.saved-lost" : "snapshots.impossible-content",
            $"the store holds {Describe(found)}, but {Describe(Certain)} was saved, and tried were: {string.Join(", ", Possible.Select(Describe))}");
    }

    private static bool IsSame(StoredSnapshot? left, StoredSnapshot? right) => left is null || right is null
        ? left is null && right is null
        : left.Position == right.Position && left.Data.Span.SequenceEqual(right.Data.Span);

    private static string Describe(StoredSnapshot? snapshot) =>
        snapshot is null ? "none" : $"{snapshot.Position.Index}/{snapshot.Position.Term} of {snapshot.Data.Length} bytes";
}
