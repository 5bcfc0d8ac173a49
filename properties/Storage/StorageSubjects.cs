using SimGraph.Properties.Storage.Audit;
using SimGraph.Properties.Storage.Graph;
using SimGraph.Properties.Storage.Trees;
using SimGraph.Properties.Storage.Wal;

namespace SimGraph.Properties.Storage;

/// <summary>The components under crash test. Each gives a scenario <c>storage-NAME</c>.</summary>
internal static class StorageSubjects
{
    /// <summary>All of them, in the order of their layers.</summary>
    public static IReadOnlyList<IStorageSubject> All { get; } =
        [new WalSubject(), new LsmSubject(), new KeyValueSubject(), new GraphSubject(), new AuditSubject()];

    /// <summary>A scenario for each, and one that draws among them.</summary>
    public static IEnumerable<StorageScenario> Scenarios() => [.. All.Select(static subject => new StorageScenario(subject)), new StorageScenario()];
}
