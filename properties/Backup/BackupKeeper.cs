// The machine that takes backups: whatever fails, it tries again; what a call has acknowledged must be there at every later boot. A folder whose backup cannot be continued is left as it is, and
// the next one begun.

using SimGraph.Properties.Cluster.Checkers;
using SimGraph.Replication.Backup;
using SimGraph.Replication.Client;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Backup;

/// <summary>Takes backups over and over.</summary>
internal sealed class BackupKeeper(World world, Machine machine, BackupPlan plan, ClientOptions client, CommitChecker commits)
{
    private readonly List<ulong> _acknowledged = [0];

    public Machine Machine => machine;

    /// <summary>Folders that were begun.</summary>
    public IReadOnlyList<string> Folders => [.. Enumerable.Range(1, _acknowledged.Count).Select(number => $"backup-{number}")];

    /// <summary>Up to where the newest backup is known to go.</summary>
    public ulong End => _acknowledged[^1];

    /// <summary>From now on a call either ends or fails: nothing is followed any more.</summary>
    public bool IsEnding { get; set; }

    public void Boot() => machine.Boot(RunAsync);

    /// <summary>Looks at a folder: a backup in it must be whole and go as far as was acknowledged.</summary>
    public async Task CheckAsync(IPlatform platform, int folder, CancellationToken cancellationToken)
    {
        try
        {
            BackupSummary found = await BackupVerification.VerifyAsync(platform.Disk, Folders[folder], cancellationToken);
            world.Count("backup.verified");
            if (found.End.Index < _acknowledged[folder] || found.End.Index > commits.Newest)
            {
                Fail("backup.wrong-end", $"{Folders[folder]} ends at {found.End}; it was acknowledged up to {_acknowledged[folder]}, and {commits.Newest} is committed");
            }
        }
        catch (BackupCorruptException exception)
        {
            Fail("backup.damaged", exception.Message);
        }
        catch (BackupException exception)
        {
            if (_acknowledged[folder] > 0)
            {
                Fail("backup.lost", $"{Folders[folder]} was acknowledged up to {_acknowledged[folder]}: {exception.Message}");
            }
        }
    }

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        Random random = platform.Random.Get("backup.workload");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await platform.Clock.DelayAsync(plan.PauseMax * random.NextDouble(), stop);
                await CheckAsync(platform, _acknowledged.Count - 1, stop);
                await WorkAsync(platform, random, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (BackupGapException)
            {
                world.Count("backup.gaps");
                _acknowledged.Add(0);
            }
            catch (BackupCorruptException exception)
            {
                Fail("backup.damaged", exception.Message);
                return;
            }
            catch (BackupException)
            {
                world.Count("backup.not-served");
            }
            catch (DiskException)
            {
                world.Count("backup.disk-failures");
            }
        }
    }

    private async Task WorkAsync(IPlatform platform, Random random, CancellationToken stop)
    {
        string folder = Folders[^1];
        var taker = new BackupTaker(platform, new BackupOptions
        {
            Addresses = client.Addresses,
            ClusterId = client.ClusterId,
            Folder = folder,
            RequestLimit = TimeSpan.FromSeconds(2),
            AttemptsMax = 5,
            FollowInterval = plan.PauseMax * (0.05 + (0.5 * random.NextDouble())),
            FileBytesMax = plan.FileBytesMax,
        });
        if (!await platform.Disk.ExistsAsync($"{folder}/backup.manifest", stop))
        {
            BackupSummary taken = await taker.TakeAsync(stop);
            world.Count("backup.taken");
            Acknowledge(taken);
        }
        else if (IsEnding || random.Next(100) >= plan.FollowPercent)
        {
            BackupSummary continued = await taker.ContinueAsync(stop);
            world.Count("backup.continued");
            Acknowledge(continued);
        }
        else
        {
            using var deadline = Deadline.After(platform.Clock, plan.PauseMax * (1 + random.NextDouble()), stop);
            try
            {
                await taker.FollowAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.Expired)
            {
                world.Count("backup.followed");
            }
        }
    }

    private void Acknowledge(BackupSummary backup) => _acknowledged[^1] = Math.Max(_acknowledged[^1], backup.End.Index);

    private void Fail(string check, string what) => world.Fail(ViolationClass.Safety, check, what);
}
