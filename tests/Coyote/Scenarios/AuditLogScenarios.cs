using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Appends race rotation, compression, a stop and a failing disk. What was acknowledged is there, chained; nothing hangs, nothing stays open.</summary>
public sealed class AuditLogScenarios
{
    private const int Schedules = 120;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly AuditOptions Options = new() { QueueLengthMax = 1, RetentionAge = null };

    [Fact]
    public void Appends_and_rotations_race_a_stop() => FineLane.Explore("audit append and rotate against stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        AuditLog log = await AuditLog.OpenAsync(machine, scope, Options, None);
        Task<bool> first = Task.Run(() => AppendAsync(log));
        Task<bool> rotation = Task.Run(() => RotateAsync(log));
        Task<bool> second = Task.Run(() => AppendAsync(log));
        Task stop = Task.Run(log.StopAsync);
        Task again = Task.Run(() => scope.StopAsync());
        int durable = (await first ? 1 : 0) + (await second ? 1 : 0);
        await rotation;
        await stop;
        await again;
        await AssertHoldsAsync(machine, durable);
    });

    [Fact]
    public void A_compression_races_a_query_and_a_stop() => FineLane.Explore("audit compression against query and stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        AuditLog log = await AuditLog.OpenAsync(machine, scope, Options, None);
        Assert.True(await AppendAsync(log));
        Assert.True(await RotateAsync(log));
        Assert.True(await AppendAsync(log));
        Task<AuditVerification> check = Task.Run(() => log.VerifyAsync(None));
        Task stop = Task.Run(log.StopAsync);
        AuditVerification found = await check;
        Assert.True(found.IsSound && found.LastSequence == 2, "a check saw less than was durable");
        await stop;
        await scope.StopAsync();
        await AssertHoldsAsync(machine, 2);
    });

    [Fact]
    public void A_failed_flush_fails_everyone_and_hangs_nobody() => FineLane.Explore("audit failed flush", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        AuditLog log = await AuditLog.OpenAsync(machine, scope, Options, None);
        machine.Files.FailFlushAfter(1);
        Task<bool>[] appends = [.. Enumerable.Range(0, 3).Select(_ => AppendAsync(log))];
        Task stop = Task.Run(log.StopAsync);
        bool[] durable = await Task.WhenAll(appends);
        await stop;
        await scope.StopAsync();
        Assert.Equal(durable.OrderBy(one => !one), durable);
        Assert.Equal(0, machine.Files.OpenFiles);
    });

    private static async Task<bool> AppendAsync(AuditLog log)
    {
        try
        {
            await log.AppendAsync(new AuditEvent { Actor = "a", Action = "b" }, None);
            return true;
        }
        catch (Exception exception) when (exception is AuditClosedException or AuditException)
        {
            return false;
        }
    }

    private static async Task<bool> RotateAsync(AuditLog log)
    {
        try
        {
            await log.RotateAsync(None);
            return true;
        }
        catch (AuditClosedException)
        {
            return false;
        }
    }

    private static async Task AssertHoldsAsync(FineLanePlatform machine, int durable)
    {
        Assert.Equal(0, machine.Files.OpenFiles);
        Assert.DoesNotContain(await machine.Files.ListAsync("audit", None), name => name.EndsWith(".tmp", StringComparison.Ordinal));
        await using var scope = new TaskScope(machine.Tasks, "again");
        AuditLog log = await AuditLog.OpenAsync(machine, scope, Options, None);
        AuditVerification found = await log.VerifyAsync(None);
        Assert.True(found.IsSound && found.LastSequence == (ulong)durable, "what was acknowledged is there, and nothing else");
        Assert.Equal(0, log.RecoveredBytesCut);
    }
}
