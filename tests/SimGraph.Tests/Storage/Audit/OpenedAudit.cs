using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

/// <summary>An audit log with its owner. Disposal stops both and checks that nothing stays open.</summary>
internal sealed class OpenedAudit : IAsyncDisposable
{
    private OpenedAudit(StoragePlatform platform, TaskScope owner, AuditLog log)
    {
        Platform = platform;
        Owner = owner;
        Log = log;
    }

    public StoragePlatform Platform { get; }

    public TaskScope Owner { get; }

    public AuditLog Log { get; }

    public static async Task<OpenedAudit> OpenAsync(
        IDisk disk, AuditOptions? options = null, ManualClock? clock = null, params string[] buggified)
    {
        var platform = new StoragePlatform(disk, clock ?? new ManualClock());
        platform.Buggified.UnionWith(buggified);
        var owner = new TaskScope(platform.Tasks, "test");
        try
        {
            return new OpenedAudit(platform, owner, await AuditLog.OpenAsync(platform, owner, options ?? new AuditOptions(), CancellationToken.None));
        }
        catch (Exception exception)
        {
            await owner.StopAsync();
            Assert.True((disk as MemoryDisk)?.OpenFiles is null or 0, $"a file is open after {exception}");
            throw;
        }
    }

    public Task<AuditPosition> AppendAsync(AuditEvent audited) => Log.AppendAsync(audited, CancellationToken.None);

    public Task<AuditPosition> AppendAsync(int number) => AppendAsync(AuditSample.Event(number));

    public async Task AppendAsync(int from, int to)
    {
        for (int number = from; number <= to; number++)
        {
            await AppendAsync(number);
        }
    }

    public async Task<List<AuditRecord>> ReadAsync(AuditFilter? filter = null)
    {
        var records = new List<AuditRecord>();
        await Log.ReadAsync(
            filter ?? AuditFilter.All,
            record =>
            {
                records.Add(record);
                return ValueTask.FromResult(true);
            },
            CancellationToken.None);
        return records;
    }

    /// <summary>Ends when compression and retention have done, or failed to do, what there was to do.</summary>
    public async Task MaintainAsync()
    {
        // One pass may be on its way; the one behind it has seen everything.
        int passes = Platform.Count("audit.maintained");
        for (int i = 1; i <= 2; i++)
        {
            ((ManualClock)Platform.Clock).Pass(TimeSpan.FromMinutes(10));
            await Platform.WhenReachedAsync("audit.maintained", passes + i);
        }
    }

    /// <summary>The resources of all events: those of <see cref="AuditSample.Event"/> are numbered.</summary>
    public async Task<int[]> ReadNumbersAsync() => [.. (await ReadAsync()).Select(AuditSample.NumberOf)];

    public async Task AssertSoundAsync(ulong last)
    {
        AuditVerification found = await Log.VerifyAsync(CancellationToken.None);
        Assert.True(found.IsSound, found.FirstBad?.ToString());
        Assert.Equal(last, found.LastSequence);
    }

    public async ValueTask DisposeAsync()
    {
        await Log.StopAsync();
        await Owner.StopAsync();
        Assert.Null(Owner.FirstFailure);
        Assert.Equal(0, (Platform.Disk as MemoryDisk)?.OpenFiles ?? 0);
    }
}
