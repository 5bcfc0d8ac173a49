using SimGraph.Runtime;

namespace SimGraph.Simulation.Kernel;

/// <summary>Runs a machine's program as the main task of a process and ends the process with it.</summary>
internal sealed class MainTask(
    Machine machine, SimulatedTask task, LedgerEntry entry, IPlatform platform, Func<IPlatform, CancellationToken, Task> program)
{
    public void Start() => _ = RunAsync();

    private async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            await program(platform, task.Incarnation.StopRequest.Token);
        }
#pragma warning disable CA1031 // The machine decides what the exception means.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        task.HasEnded = true;
        task.Incarnation.Ledger.Remove(entry);
        machine.MainEnded(task.Incarnation, failure);
    }
}
