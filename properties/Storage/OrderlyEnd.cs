using SimGraph.Runtime.Tasks;

namespace SimGraph.Properties.Storage;

/// <summary>The end of a component that is stopped in order: its stop ends, a second one changes nothing, and nothing that it started is left, whoever owns the scope around it.</summary>
internal static class OrderlyEnd
{
    private const int StopsMax = 20;

    /// <summary>Stops it, and stops it again while a disk that hangs takes longer than a stop waits.</summary>
    public static async Task StopAsync(Func<Task> stop)
    {
        for (int i = 1; ; i++)
        {
            try
            {
                await stop();
                return;
            }
            catch (StopTimeoutException) when (i < StopsMax)
            {
                // A later call waits again.
            }
        }
    }

    /// <summary>Stops it, and looks at what is left in the scope that it was opened in and that holds nothing else.</summary>
    /// <exception cref="StorageViolationException">Something is, or the second stop throws.</exception>
    public static async Task StopAsync(string subject, Func<Task> stop, TaskScope owner)
    {
        await StopAsync(stop);
        if (owner.SnapshotAlive() is { Count: > 0 } alive)
        {
            throw new StorageViolationException($"{subject}.outlived-stop", $"it is stopped, but {string.Join(", ", alive)} is alive");
        }

        try
        {
            await stop();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new StorageViolationException($"{subject}.second-stop-throws", $"{exception.GetType().Name}: {exception.Message}");
        }
    }
}
