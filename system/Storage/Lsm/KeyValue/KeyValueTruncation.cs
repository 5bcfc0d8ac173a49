// Drops from the log what the tree's tables hold. First the log's start moves, durably, then the segments before it go.
// A log that failed ends it quietly: the writer tells.

using SimGraph.Storage.Log;

namespace SimGraph.Storage.Lsm;

/// <summary>The task that truncates the log.</summary>
internal sealed class KeyValueTruncation(LsmTree tree, WriteAheadLog log)
{
    private const ulong Term = 1;

    public async Task RunAsync(CancellationToken stopping)
    {
        ulong done = log.Recovered.Start.Index;
        try
        {
            while (true)
            {
                ulong durable = await tree.WaitForDurableAsync(done, stopping);
                await log.AppendAsync(new LogBatch { Start = new LogPosition(durable, Term) }, stopping);
                await log.TruncatePrefixAsync(durable, stopping);
                done = durable;
            }
        }
        catch (WriteAheadLogException)
        {
        }
        catch (LogClosedException)
        {
        }
        catch (LsmException)
        {
        }
    }
}
