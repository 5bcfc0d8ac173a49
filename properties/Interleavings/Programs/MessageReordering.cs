using SimGraph.Runtime.Concurrency;
using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>Two messages of one sender take two paths, and the second overtakes.</summary>
internal sealed class MessageReordering() : Interleaving("message-reordering", depth: 1, "two messages of one sender take two paths, and the second overtakes.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        Mailbox<int>[] paths = [new(1), new(1)];
        var inbox = new Mailbox<int>(2);
        tasks.Run("sender", async () =>
        {
            await paths[0].PostAsync(0, CancellationToken.None);
            await StepsAsync(10);
            await paths[repaired ? 0 : 1].PostAsync(1, CancellationToken.None);
            paths[0].Close();
            paths[1].Close();
        });
        for (int path = 0; path < paths.Length; path++)
        {
            Mailbox<int> from = paths[path];
            tasks.Run($"path-{path}", async () =>
            {
                while (await from.WaitToReceiveAsync(CancellationToken.None))
                {
                    from.TryReceive(out int message);
                    await StepsAsync(2);
                    await inbox.PostAsync(message, CancellationToken.None);
                }
            });
        }

        tasks.Run("receiver", async () =>
        {
            for (int expected = 0; expected < 2; expected++)
            {
                await inbox.WaitToReceiveAsync(CancellationToken.None);
                inbox.TryReceive(out int message);
                tasks.Check(message == expected);
            }
        });
        return static () => true;
    }
}
