using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Stops.Components;

/// <summary>The key-value store: log and tree in one, with a queue of writes before them.</summary>
internal sealed class KeyValueStoreStops : StopSubject
{
    private static readonly KeyValueOptions Options = new()
    {
        Tree = new LsmOptions { MemtableBytes = 4 << 10, ImmutableMemtablesMax = 1, LevelZeroCompactionTables = 2, LevelZeroStallTables = 3 },
        QueueLengthMax = 4,
    };

    public override string Name => "KeyValueStore";

    public override TimeSpan Bound => TaskScope.DefaultStopLimit;

    public override IReadOnlyList<StopFault> Faults => DiskFaults;

    public override IReadOnlyList<string> States => ["starting", "writing"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

    private sealed class Component(IPlatform platform) : OwnedComponent(platform, TaskScope.DefaultStopLimit)
    {
        private readonly SortedSet<int> _durable = [];
        private readonly SortedSet<int> _refused = [];
        private int _written;
        private KeyValueStore? _store;

        public override int Operators => 6;

        public override string State => "writing";

        public override async Task OperateAsync(int who)
        {
            KeyValueStore store = _store ?? throw NotRunning();
            int key = ++_written;
            try
            {
                await store.PutAsync(BitConverter.GetBytes(key), new byte[500], CancellationToken.None);
                _durable.Add(key);
            }
            catch (LsmClosedException)
            {
                _refused.Add(key);
                throw;
            }
        }

        public override bool IsAnswer(Exception exception) =>
            base.IsAnswer(exception) || exception is LsmException or WriteAheadLogException;

        public override bool IsRefusal(Exception exception) => base.IsRefusal(exception) || exception is LsmClosedException;

        // What was acknowledged is there, and what was refused is not.
        public override async Task AuditAsync(IPlatform platform)
        {
            await using var owner = new TaskScope(platform.Tasks, "audit");
            KeyValueStore store = await KeyValueStore.OpenAsync(platform, owner, Options, CancellationToken.None);
            foreach (int key in _durable.Concat(_refused))
            {
                Assert.Equal(_durable.Contains(key), (await store.GetAsync(BitConverter.GetBytes(key), null, CancellationToken.None)).Found);
            }

            await store.StopAsync();
        }

        protected override async Task OpenAsync(TaskScope owner, CancellationToken cancellationToken) =>
            _store = await KeyValueStore.OpenAsync(Platform, owner, Options, cancellationToken);

        protected override Task StopOpenedAsync() => _store?.StopAsync() ?? Task.CompletedTask;
    }
}
