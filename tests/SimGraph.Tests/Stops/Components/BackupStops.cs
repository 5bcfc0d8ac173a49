using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Backup;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Stops.Components;

/// <summary>Taking, following and restoring a backup: calls that end by their token, and then leave nothing.</summary>
internal sealed class BackupStops : StopSubject
{
    // Only a call of the disk that is under way is waited for.
    private static readonly TimeSpan DiskCalls = TimeSpan.FromSeconds(2);

    public override string Name => "BackupTaker, BackupRestore";

    public override TimeSpan Bound => DiskCalls;

    public override IReadOnlyList<StopFault> Faults => [.. NetworkFaults, .. DiskFaults.Where(fault => fault != StopFault.HungDisk)];

    public override IReadOnlyList<string> States => ["starting", "taking", "following", "restoring"];

    public override double Pace => 0.3;

    public override async Task PrepareAsync(StopLab lab)
    {
        ClusterAround.BootNode(lab, ClusterAround.Options(1, 1));
        ClusterAround.BootWriter(lab, "c1", 1, 3000, TimeSpan.FromMilliseconds(30));
        await lab.DelayAsync(TimeSpan.FromSeconds(1.5));
    }

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(lab, platform);

#pragma warning disable CA1001 // Its stop is the end of it; the token source holds no timer and no handle.
    private sealed class Component(StopLab lab, IPlatform platform) : StopComponent
#pragma warning restore CA1001
    {
        private const string StoppedText = "the backup is stopped";
        private readonly CancellationTokenSource _stopping = new();
        private TaskCompletionSource? _call;
        private int _number;
        private bool _runs;

        public override int Operators => 1;

        public override string State => _runs ? (lab.Plan.Variant % 3) switch { 0 => "taking", 1 => "following", _ => "restoring" } : "starting";

        // What is followed and restored must be there.
        public override Task StartAsync(CancellationToken cancellationToken) =>
            _stopping.IsCancellationRequested ? throw new OperationCanceledException(StoppedText) : Task.CompletedTask;

        public override async Task OperateAsync(int who)
        {
            if (_stopping.IsCancellationRequested)
            {
                throw new OperationCanceledException(StoppedText);
            }

            string folder = $"backup-{_number++}";
            var call = new TaskCompletionSource();
            _call = call;
            try
            {
                var taker = new BackupTaker(platform, new BackupOptions { Addresses = [ClusterAround.AddressOf(1)], Folder = folder });
                _runs = lab.Plan.Variant % 3 == 0;
                await taker.TakeAsync(_stopping.Token);
                _runs = true;
                if (lab.Plan.Variant % 3 == 1)
                {
                    await taker.FollowAsync(_stopping.Token);
                }
                else if (lab.Plan.Variant % 3 == 2)
                {
                    var options = new RestoreOptions
                    {
                        ClusterId = "restored",
                        Folder = $"restored-{_number}",
                        Members = Enumerable.Range(1, 3).ToImmutableSortedDictionary(node => new NodeId(node), node => ClusterAround.AddressOf(node)),
                    };
                    await BackupRestore.RestoreAsync(platform, platform.Disk, folder, options, _stopping.Token);
                }
            }
            finally
            {
                _runs = false;
                _call = null;
                call.SetResult();
            }
        }

        public override async Task StopAsync(int way)
        {
            _stopping.Cancel();
            await (_call?.Task ?? Task.CompletedTask);
        }

        public override bool IsAnswer(Exception exception) =>
            exception is BackupException
            || (lab.Plan.Fault >= StopFault.SlowDisk && (IsOfDisk(exception) || exception is LsmException or WriteAheadLogException));

        public override bool IsRefusal(Exception exception) => exception is OperationCanceledException;
    }
}
