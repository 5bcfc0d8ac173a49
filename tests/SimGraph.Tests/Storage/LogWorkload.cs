using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Storage;

/// <summary>Runs a list of batches against a disk that may fail, and knows what may be there afterwards.</summary>
internal sealed class LogWorkload(IReadOnlyList<LogBatch> batches, WriteAheadLogOptions options)
{
    private readonly List<LogModel> _allowed = [];

    /// <summary>Number of batches that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>True if all went well, stop included.</summary>
    public bool Completed { get; private set; }

    /// <summary>Opens the log, appends the batches one after the other, truncates behind every start, and stops.</summary>
    public async Task RunAsync(MemoryDisk disk)
    {
        LogModel model = LogModel.Empty;
        _allowed.Add(model);
        OpenedLog log;
        try
        {
            log = await OpenedLog.OpenAsync(disk, options);
        }
        catch (WriteAheadLogException)
        {
            return;
        }

        await using OpenedLog opened = log;
        foreach (LogBatch batch in batches)
        {
            _allowed.AddRange(model.Steps(batch));
            if (!await SucceedsAsync(() => log.AppendAsync(batch)))
            {
                await AssertRefusesForeverAsync(log);
                return;
            }

            Acknowledged++;
            model = model.After(batch);
            _allowed.Clear();
            _allowed.Add(model);
            if (batch.Start is { } start && !await SucceedsAsync(() => log.Log.TruncatePrefixAsync(start.Index, CancellationToken.None)))
            {
                await AssertRefusesForeverAsync(log);
                return;
            }
        }

        Completed = true;
    }

    /// <summary>All that was acknowledged is there, and at most a prefix of what was in flight.</summary>
    public void AssertAllowed(LogRecovery recovery, string because)
    {
        string found = LogModel.Of(recovery).Describe();
        string[] allowed = [.. _allowed.Select(model => model.Describe())];
        Assert.True(allowed.Contains(found), $"{because}: recovered\n  {found}\nbut allowed is\n  {string.Join("\n  ", allowed)}");
    }

    /// <summary>Opens what is left and checks it; then appends to it, and finds that too after another power loss.</summary>
    public async Task AssertRecoversAsync(IDisk disk, string because)
    {
        LogModel model;
        LogEntry next;
        await using (OpenedLog log = await OpenedLog.OpenAsync(disk, options))
        {
            AssertAllowed(log.Recovered, because);
            model = LogModel.Of(log.Recovered);
            next = LogSample.Entry(model.Last + 1, 9, "after the crash");
            await log.AppendAsync(next);
        }

        LogModel expected = model.After(new LogBatch { Entries = [next] });
        await using OpenedLog again = await OpenedLog.OpenAsync(((MemoryDisk)disk).LosePower(() => false), options);
        Assert.Equal(expected.Describe(), LogModel.Of(again.Recovered).Describe());
        Assert.Equal(0, again.Recovered.BytesCut);
    }

    private static async Task<bool> SucceedsAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (WriteAheadLogException)
        {
            return false;
        }
    }

    private static async Task AssertRefusesForeverAsync(OpenedLog log)
    {
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<WriteAheadLogException>(() => log.AppendAsync(LogSample.Batch("never")));
        }
    }
}
