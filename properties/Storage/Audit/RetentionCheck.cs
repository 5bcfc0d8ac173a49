using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>A log that is open and left alone keeps what it shall keep, and no more.</summary>
internal static class RetentionCheck
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of all files of the chain.</summary>
    public static async Task<(long Bytes, ulong[] Firsts)> MeasureAsync(IDisk disk, string directory, CancellationToken stop)
    {
        long bytes = 0;
        var firsts = new SortedSet<ulong>();
        foreach (string name in await disk.ListAsync(directory, stop))
        {
            string[] parts = name.Split('-', '.');
            if (parts.Length > 2 && parts[2] == "jsonl" && !name.EndsWith(".tmp", StringComparison.Ordinal))
            {
                await using IFile file = await disk.OpenAsync($"{directory}/{name}", FileOpenMode.Existing, stop);
                bytes += file.Length;
                firsts.Add(ulong.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return (bytes, [.. firsts]);
    }

    /// <param name="platform">Its clock does not jump.</param>
    /// <param name="log">Nothing is appended to it, and the disk is sound.</param>
    /// <param name="options">What it shall keep.</param>
    /// <param name="bytesBefore">Bytes before it was opened.</param>
    /// <param name="before">What it held when it was opened.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="StorageViolationException">It kept too much, or too little.</exception>
    public static async Task CheckAsync(IPlatform platform, AuditLog log, AuditOptions options, long bytesBefore, AuditContent before, CancellationToken stop)
    {
        await platform.Clock.DelayAsync((options.MaintenanceInterval * 2) + Margin, stop);
        AuditContent after = await AuditContent.ReadAsync(log, stop);
        (long bytes, ulong[] firsts) = await MeasureAsync(platform.Disk, options.Directory, stop);
        if (firsts.Length > 1 && bytes > options.RetentionBytesMax)
        {
            throw new StorageViolationException("audit.kept-too-much", $"{firsts.Length} files have {bytes} bytes, and {options.RetentionBytesMax} shall be kept");
        }

        if (before.Records.Count == 0)
        {
            return;
        }

        DateTimeOffset wall = platform.Clock.GetUtcNow();
        DateTimeOffset last = before.Records[^1].Time;
        DateTimeOffset now = wall < last ? wall : last;
        DateTimeOffset TimeOf(ulong sequence) => before.Records[(int)(sequence - before.First)].Time;
        if (firsts.Length > 1 && now - TimeOf(firsts[1] - 1) > options.RetentionAge + Margin)
        {
            throw new StorageViolationException("audit.kept-too-much", $"the oldest file ends at {TimeOf(firsts[1] - 1):O}, it is {now:O}, and {options.RetentionAge} shall be kept");
        }

        bool mayBeTooMuch = bytesBefore > options.RetentionBytesMax;
        if (after.First > before.First && !mayBeTooMuch && !(now - TimeOf(after.First - 1) > options.RetentionAge - Margin))
        {
            throw new StorageViolationException(
                "audit.kept-too-little", $"events up to {after.First - 1}, of {TimeOf(after.First - 1):O}, were removed at {now:O}; there were {bytesBefore} bytes, and {options} shall be kept");
        }
    }

    /// <summary>Sets the clock far ahead: if clocks count at once, what is too old by then goes, and otherwise nothing does.</summary>
    /// <exception cref="StorageViolationException">It kept too much, or too little.</exception>
    public static async Task CheckAfterJumpAsync(JumpingPlatform platform, AuditLog log, AuditOptions options, CancellationToken stop)
    {
        if (options.RetentionAge is not { } age)
        {
            return;
        }

        ulong first = (await AuditContent.ReadAsync(log, stop)).First;
        platform.SetClock.Jump(age * 3);
        DateTimeOffset jumped = platform.Clock.GetUtcNow();
        for (int i = 0; i < 2; i++)
        {
            await log.AppendAsync(AuditTexts.Event("after the jump", 3), stop);
            await log.RotateAsync(stop);
        }

        await platform.Clock.DelayAsync((options.MaintenanceInterval * 2) + Margin, stop);
        AuditContent after = await AuditContent.ReadAsync(log, stop);
        (_, ulong[] firsts) = await MeasureAsync(platform.Disk, options.Directory, stop);
        DateTimeOffset oldest = firsts.Length > 1 ? after.Records[(int)(firsts[1] - 1 - after.First)].Time : DateTimeOffset.MaxValue;
        if (options.ClockSettleTime == TimeSpan.Zero && jumped - oldest > age + Margin)
        {
            throw new StorageViolationException("audit.kept-too-much", $"the oldest file ends at {oldest:O}, it is {jumped:O}, and {age} shall be kept");
        }

        if (options.ClockSettleTime > TimeSpan.Zero && options.RetentionBytesMax is null && after.First > first)
        {
            throw new StorageViolationException("audit.kept-too-little", $"the clock was set {age * 3} ahead, and events {first} to {after.First - 1} were removed at once, where clocks settle for {options.ClockSettleTime}");
        }
    }
}
