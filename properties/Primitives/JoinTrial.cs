using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>Joins tasks of which some fail or are cancelled.</summary>
internal sealed class JoinTrial(World world, Machine machine, IPlatform platform) : PrimitiveTrial(world, machine, platform, "join")
{
    /// <inheritdoc/>
    public override async Task RunAsync()
    {
        TaskCompletionSource[] joined = [.. Enumerable.Range(0, Draw(5)).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        Exception?[] ends = [.. joined.Select((_, place) => Draw(4) switch
        {
            0 => new InvalidOperationException($"{place}"),
            1 => new OperationCanceledException($"{place}"),
            _ => (Exception?)null,
        })];
        Exception? expected = ends.FirstOrDefault(static end => end is InvalidOperationException) ?? ends.FirstOrDefault(static end => end is not null);
        int open = joined.Length;
        await UseAsync(joined.Length + 1, async user =>
        {
            if (user < joined.Length)
            {
                await PauseAsync();
                open--;
                if (ends[user] is { } end)
                {
                    joined[user].SetException(end);
                }
                else
                {
                    joined[user].SetResult();
                }

                return;
            }

            Exception? thrown = null;
            try
            {
                await Join.AllAsync([.. joined.Select(static source => source.Task)]);
            }
            catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
            {
                thrown = exception;
            }

            Check(open == 0, $"the join ends while {open} of {joined.Length} have not ended");
            Check(thrown == expected, $"the join ends with {thrown?.Message ?? "nothing"} where the first failure is {expected?.Message ?? "none"}");
        });
    }
}
