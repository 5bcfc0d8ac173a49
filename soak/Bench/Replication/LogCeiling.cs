using SimGraph.Soak.Bench.Storage;
using SimGraph.Storage.Log;

namespace SimGraph.Soak.Bench.Replication;

/// <summary>What the log alone does with the same payloads and as many writers: on one disk, or three logs side by side, of which each writer waits for two.</summary>
internal sealed class LogCeiling(IReadOnlyList<IMeasuredLog> logs) : IMeasuredCluster
{
    public static ClusterContender One { get; } = new(
        "log alone", "group commit of one log: flushed before it is acknowledged, nothing replicated", static folder => OpenAsync(folder, 1));

    public static ClusterContender Three { get; } = new(
        "three logs", "three logs of this process side by side: two flushed before it is acknowledged, nothing sent", static folder => OpenAsync(folder, 3));

    public Func<byte[], Task> Connect() => async payload =>
    {
        int wanted = (logs.Count / 2) + 1;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (IMeasuredLog log in logs)
        {
            _ = AppendAsync(log);
        }

        await done.Task;

        async Task AppendAsync(IMeasuredLog log)
        {
            await log.AppendAsync(payload);
            if (Interlocked.Decrement(ref wanted) == 0)
            {
                done.SetResult();
            }
        }
    };

    public async ValueTask DisposeAsync()
    {
        foreach (IMeasuredLog log in logs)
        {
            await log.DisposeAsync();
        }
    }

    private static async Task<IMeasuredCluster> OpenAsync(string folder, int count)
    {
        LogContender contender = WriteAheadLogUnderTest.Contender("log", new WriteAheadLogOptions());
        var logs = new List<IMeasuredLog>();
        for (int i = 0; i < count; i++)
        {
            logs.Add(await contender.OpenAsync(Directory.CreateDirectory(Path.Join(folder, $"log-{i + 1}")).FullName));
        }

        return new LogCeiling(logs);
    }
}
