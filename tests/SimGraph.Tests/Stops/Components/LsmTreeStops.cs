using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Stops.Components;

/// <summary>The tree: stopped by itself or with its owner, while it writes, stalls, flushes, compacts and reads.</summary>
internal sealed class LsmTreeStops : StopSubject
{
    private static readonly LsmOptions Options = new()
    {
        MemtableBytes = 4 << 10, ImmutableMemtablesMax = 1, LevelZeroCompactionTables = 2, LevelZeroStallTables = 3, StallLimit = TimeSpan.FromSeconds(1),
    };

    public override string Name => "LsmTree";

    public override TimeSpan Bound => Options.StopLimit;

    public override IReadOnlyList<StopFault> Faults => DiskFaults;

    public override IReadOnlyList<string> States => ["starting", "compacting"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

    private sealed class Component(IPlatform platform) : OwnedComponent(platform, Options.StopLimit)
    {
        private ulong _applied;
        private ulong _flushed;
        private LsmTree? _tree;

        public override int Operators => 4;

        public override string State => _flushed > 0 ? "compacting" : "writing";

        public override async Task OperateAsync(int who)
        {
            LsmTree tree = _tree ?? throw NotRunning();
            switch (who)
            {
                case 0:
                    var batch = new WriteBatch();
                    batch.Put([(byte)(_applied % 60)], new byte[700]);
                    await tree.ApplyAsync(batch, _applied + 1, CancellationToken.None);
                    _applied++;
                    break;
                case 1:
                    await tree.FlushAsync(CancellationToken.None);
                    _flushed = tree.DurableSequence;
                    break;
                case 2:
                    await tree.CompactAsync(LsmRange.All, CancellationToken.None);
                    break;
                default:
                    await using (LsmCursor cursor = tree.OpenCursor(LsmRange.All, null))
                    {
                        await cursor.MoveToFirstAsync(CancellationToken.None);
                    }

                    break;
            }
        }

        public override bool IsAnswer(Exception exception) => base.IsAnswer(exception) || exception is LsmException;

        public override bool IsRefusal(Exception exception) => base.IsRefusal(exception) || exception is LsmClosedException;

        public override async Task AuditAsync(IPlatform platform)
        {
            await using var owner = new TaskScope(platform.Tasks, "audit");
            LsmTree tree = await LsmTree.OpenAsync(platform, owner, Options, CancellationToken.None);
            Assert.True(tree.DurableSequence >= _flushed, "what was flushed is gone");
            LsmVerification found = await tree.VerifyAsync(CancellationToken.None);
            await tree.StopAsync();
            Assert.Empty(found.Problems);
        }

        protected override async Task OpenAsync(TaskScope owner, CancellationToken cancellationToken) =>
            _tree = await LsmTree.OpenAsync(Platform, owner, Options, cancellationToken);

        protected override Task StopOpenedAsync() => _tree?.StopAsync() ?? Task.CompletedTask;
    }
}
