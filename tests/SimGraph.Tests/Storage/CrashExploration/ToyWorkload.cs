using SimGraph.Properties.Storage;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;

namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>Stores the next numbers in a toy store.</summary>
internal sealed class ToyWorkload(ToyDefect defect, int puts) : IStorageWorkload, IRotCheck
{
    private ToyExpectation _expectation = new(0, 0);

    public object Expectation => _expectation;

    public string Describe() => $"toy with {defect}, {puts} numbers";

    public void Adopt(object expectation) => _expectation = (ToyExpectation)expectation;

    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var store = new ToyStore(platform.Disk, defect);
        using var prompt = new Promptness("toy", platform, stop);
        try
        {
            long found = await prompt.CallAsync("opening", () => OpenAsync(store, _expectation, stop));
            _expectation = new ToyExpectation(found, found);
            for (long number = found + 1; number <= found + puts && !stop.IsCancellationRequested; number++)
            {
                _expectation = _expectation with { Most = number };
                await store.PutAsync(number, () => _expectation = new ToyExpectation(number, number));
            }
        }
        catch (DiskException)
        {
            // The last number is uncertain.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to stop before it was open.
        }
    }

    public async Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop)
    {
        var store = new ToyStore(platform.Disk, defect);
        long found = await OpenAsync(store, (ToyExpectation)expectation, stop);
        await store.PutAsync(found + 1, static () => { });
        _ = await OpenAsync(store, new ToyExpectation(found + 1, found + 1), stop);
    }

    public async Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop)
    {
        try
        {
            long found = await new ToyStore(platform.Disk, defect).OpenAsync(stop);
            return found == ((ToyExpectation)expectation).Least ? false : throw new StorageViolationException("toy.rot-unnoticed", $"{found} was never stored");
        }
        catch (ToyDamagedException)
        {
            return true;
        }
    }

    private static async Task<long> OpenAsync(ToyStore store, ToyExpectation expected, CancellationToken stop)
    {
        long found;
        try
        {
            found = await store.OpenAsync(stop);
        }
        catch (ToyDamagedException exception)
        {
            throw new StorageViolationException("toy.damaged", exception.Message);
        }

        return found >= expected.Least && found <= expected.Most
            ? found
            : throw new StorageViolationException("toy.lost", $"found {found}, expected {expected}");
    }

    private sealed record ToyExpectation(long Least, long Most);
}
