using SimGraph.Query;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A pool: work that submits work, some of which is deaf for a while, in a queue that is full.</summary>
internal sealed class WorkerPoolStops : StopSubject
{
    private static readonly WorkerPoolOptions Options = new() { Workers = 2, QueueMax = 2, StopLimit = TimeSpan.FromSeconds(1) };

    public override string Name => "WorkerPool";

    public override TimeSpan Bound => Options.StopLimit;

    public override IReadOnlyList<StopFault> Faults => [];

    public override IReadOnlyList<string> States => ["idle", "working"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

#pragma warning disable CA1001 // Its stop is the end of it.
    private sealed class Component(IPlatform platform) : OwnedComponent(platform, Options.StopLimit)
#pragma warning restore CA1001
    {
        private WorkerPool? _pool;
        private int _running;

        public override int Operators => 6;

        public override string State => _running > 0 ? "working" : "idle";

        public override async Task OperateAsync(int who)
        {
            WorkerPool pool = _pool ?? throw NotRunning();
            await pool.RunAsync((worker, token) => WorkAsync(worker, who % 3, token), CancellationToken.None);
        }

        public override bool IsRefusal(Exception exception) => base.IsRefusal(exception) || exception is PoolClosedException;

        protected override Task OpenAsync(TaskScope owner, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _pool = new WorkerPool(Platform, owner, Options);
            return Task.CompletedTask;
        }

        protected override Task StopOpenedAsync() => _pool?.StopAsync() ?? Task.CompletedTask;

        private async Task WorkAsync(PoolWorker worker, int depth, CancellationToken cancellation)
        {
            _running++;
            try
            {
                await Platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(depth), depth == 1 ? CancellationToken.None : cancellation);
                var children = new List<PoolWork>();
                for (int i = 0; i < depth; i++)
                {
                    children.Add(await worker.SubmitAsync((other, token) => WorkAsync(other, depth - 1, token), cancellation));
                }

                foreach (PoolWork child in children)
                {
                    await worker.JoinAsync(child);
                }
            }
            finally
            {
                _running--;
            }
        }
    }
}
