using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Properties.Interleavings;

/// <summary>The tasks of a program, and what it checks.</summary>
internal sealed class InterleavedTasks(IPlatform platform, string name) : IAsyncDisposable
{
    /// <summary>Of virtual time, which passes only when no task can go on: who has not ended then never will.</summary>
    private static readonly TimeSpan StuckLimit = TimeSpan.FromMinutes(1);

    private readonly TaskScope _scope = new(platform.Tasks, name);
    private readonly EndSignal _ended = new();
    private int _alive;

    /// <summary>Starts a task; it does not run before the caller waits.</summary>
    public void Run(string task, Func<Task> body)
    {
        _alive++;
        _scope.Run(task, async _ =>
        {
            await body();
            if (--_alive == 0)
            {
                _ended.Set();
            }
        });
    }

    /// <summary>What must hold now.</summary>
    public void Check(bool holds) => platform.Probes.Always(holds, $"interleavings.{name}");

    /// <summary>Waits for all of them; that they end is part of what must hold.</summary>
    public async Task JoinAsync() => Check(await _ended.WaitAsync(platform.Clock, StuckLimit));

    /// <summary>Gives way a number of times.</summary>
    public static async Task StepsAsync(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _scope.StopAsync();
}
