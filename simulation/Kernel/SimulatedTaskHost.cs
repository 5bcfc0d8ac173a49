using SimGraph.Runtime.Tasks;

namespace SimGraph.Simulation.Kernel;

/// <summary>Starts scope tasks of one process on the scheduler, and keeps the ledger of them.</summary>
internal sealed class SimulatedTaskHost(Incarnation process) : ITaskHost
{
    public TimeProvider Clock => process.Clock;

    public Task StartAsync(ScopedTask task, Func<Task> body)
    {
        var running = new RunningTask(process, task, body);
        return running.PostAsync();
    }

    public void ReportFailure(ScopedTask task, Exception exception) => process.World.ReportTaskFailure(process, task, exception);

    private sealed class RunningTask
    {
        // Without RunContinuationsAsynchronously: every waiter has a context of its own, so nothing runs inline, and WhenAll does not hop to the pool.
        private readonly TaskCompletionSource _ended = new();
        private readonly Func<Task> _body;
        private readonly SimulatedTask _task;
        private readonly LedgerEntry _entry;

        public RunningTask(Incarnation process, ScopedTask task, Func<Task> body)
        {
            _body = body;
            _task = process.CreateTask(task.Path, task.Stopping);
            _entry = process.Ledger.Add(LedgerKind.Task, task.Path);
            if (process.World.Trace.IsRecording)
            {
                process.World.Trace.Note(process.Machine, "task started", task.ToString());
            }
        }

        public Task PostAsync()
        {
            _task.Post(static state => _ = ((RunningTask)state!).RunAsync(), this);
            return _ended.Task;
        }

        private async Task RunAsync()
        {
            await _body();
            _task.HasEnded = true;
            if (_task.Incarnation.IsAlive)
            {
                _task.Incarnation.Ledger.Remove(_entry);
            }

            _ended.TrySetResult();
        }
    }
}
