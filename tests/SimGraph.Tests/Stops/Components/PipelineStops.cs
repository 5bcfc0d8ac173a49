using SimGraph.Query;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Tests.Stops.Components;

/// <summary>Streams and their stages, one of them on a pool: disposed while they are read, or ended by their owner.</summary>
internal sealed class PipelineStops : StopSubject
{
    private static readonly StreamOptions Options = new() { Capacity = 2, StopLimit = TimeSpan.FromSeconds(1) };

    public override string Name => "ResultStream";

    public override TimeSpan Bound => Options.StopLimit;

    public override IReadOnlyList<StopFault> Faults => [];

    public override IReadOnlyList<string> States => ["idle", "streaming"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

#pragma warning disable CA1001 // Its stop is the end of it.
    private sealed class Component(IPlatform platform) : OwnedComponent(platform, Options.StopLimit)
#pragma warning restore CA1001
    {
        private readonly List<ResultStream<IReadOnlyList<int>>> _open = [];
        private TaskScope? _owner;
        private WorkerPool? _pool;

        public override int Operators => 4;

        public override string State => _open.Count > 0 ? "streaming" : "idle";

        public override async Task OperateAsync(int who)
        {
            TaskScope owner = _owner ?? throw NotRunning();
            ResultStream<IReadOnlyList<int>> stream = ResultStream.Start<int>(owner, "numbers", (writer, token) => CountUpAsync(writer, who, token), Options)
                .Filter(static number => number % 5 != 0)
                .MapParallel(_pool!, 3, WorkAsync)
                .Map(static number => number * 2)
                .Batch(3);
            _open.Add(stream);
            try
            {
                while (await stream.WaitToReadAsync(CancellationToken.None))
                {
                    stream.TryRead(out _);
                    await Platform.Clock.DelayAsync(TimeSpan.FromMicroseconds(200 * who), CancellationToken.None);
                }
            }
            finally
            {
                await stream.DisposeAsync();
                _open.Remove(stream);
            }
        }

        public override bool IsAnswer(Exception exception) => base.IsAnswer(exception) || exception is ObjectDisposedException;

        protected override Task OpenAsync(TaskScope owner, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _pool = new WorkerPool(Platform, owner, new WorkerPoolOptions { Workers = 2, QueueMax = 1 });
            _owner = owner;
            return Task.CompletedTask;
        }

        protected override async Task StopOpenedAsync()
        {
            foreach (ResultStream<IReadOnlyList<int>> stream in _open.ToArray())
            {
                await stream.DisposeAsync();
            }
        }

        private async Task CountUpAsync(ResultWriter<int> writer, int who, CancellationToken cancellation)
        {
            for (int i = 0; i < 100; i++)
            {
                await writer.WriteAsync(i, cancellation);
                await Platform.Clock.DelayAsync(TimeSpan.FromMicroseconds(100 * who), who == 2 ? CancellationToken.None : cancellation);
            }
        }

        private async Task<int> WorkAsync(int number, CancellationToken cancellation)
        {
            await Platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1), number % 4 == 0 ? CancellationToken.None : cancellation);
            return number;
        }
    }
}
