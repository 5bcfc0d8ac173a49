// The snapshot store under crash test. The promises: a snapshot whose save returned is there, whole, or a newer one; a damaged one is refused, and never replaced by an older one.

using SimGraph.Runtime;
using SimGraph.Storage.Log;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Properties.Storage.Snapshots;

/// <summary>Saves snapshots, one after the other.</summary>
internal sealed class SnapshotsWorkload(int[] sizes) : IStorageWorkload, IRotCheck
{
    private static readonly SnapshotStoreOptions Options = new();
    private SnapshotsExpectation _expectation = SnapshotsExpectation.Nothing;

    /// <inheritdoc/>
    public object Expectation => _expectation;

    /// <inheritdoc/>
    public string Describe() => $"snapshots of {string.Join(", ", sizes)} bytes";

    /// <inheritdoc/>
    public void Adopt(object expectation) => _expectation = (SnapshotsExpectation)expectation;

    /// <inheritdoc/>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        SnapshotStore store;
        try
        {
            store = await OpenAsync(platform, stop);
        }
        catch (Exception exception) when (exception is SnapshotStoreException || (exception is OperationCanceledException && stop.IsCancellationRequested))
        {
            return;
        }

        // What lies on the disk, seen or tried, may turn up again only if it is what was found: the rest was deleted or replaced, except after a failed deletion.
        _expectation = new SnapshotsExpectation(_expectation.Find(store.Latest), []);
        ulong index = store.Latest?.Position.Index ?? 0;
        for (int i = 0; i < sizes.Length && !stop.IsCancellationRequested; i++)
        {
            index += 1 + ((ulong)sizes[i] % 3);
            StoredSnapshot snapshot = Make(index, sizes[i]);
            _expectation = _expectation with { Possible = _expectation.Possible.Add(snapshot) };
            try
            {
                await store.SaveAsync(snapshot, CancellationToken.None);
                _expectation = new SnapshotsExpectation(snapshot, []);
            }
            catch (SnapshotStoreException)
            {
                // Whether it is there is known after the next opening.
            }
        }
    }

    /// <inheritdoc/>
    public async Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop)
    {
        SnapshotStore store = await OpenAsync(platform, stop);
        StoredSnapshot? found = ((SnapshotsExpectation)expectation).Find(store.Latest);
        StoredSnapshot next = Make((found?.Position.Index ?? 0) + 1, 700);
        await store.SaveAsync(next, stop);
        SnapshotStore again = await OpenAsync(platform, stop);
        _ = new SnapshotsExpectation(next, []).Find(again.Latest);
    }

    /// <inheritdoc/>
    public async Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop)
    {
        try
        {
            SnapshotStore store = await SnapshotStore.OpenAsync(platform, Options, stop);
            _ = ((SnapshotsExpectation)expectation).Find(store.Latest);
            return false;
        }
        catch (SnapshotCorruptException)
        {
            return true;
        }
    }

    private static StoredSnapshot Make(ulong index, int size)
    {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++)
        {
            data[i] = (byte)(((int)index * 29) + (i * 5) + size);
        }

        return new StoredSnapshot(new LogPosition(index, 1 + (index / 4)), data);
    }

    private static async Task<SnapshotStore> OpenAsync(IPlatform platform, CancellationToken stop)
    {
        try
        {
            return await SnapshotStore.OpenAsync(platform, Options, stop);
        }
        catch (SnapshotCorruptException exception)
        {
            throw new StorageViolationException("snapshots.refused-to-open", exception.Message);
        }
    }
}
