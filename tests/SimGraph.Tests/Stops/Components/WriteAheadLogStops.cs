using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Stops.Components;

/// <summary>The write-ahead log: stopped by itself or with its owner, while it appends, rolls and truncates.</summary>
internal sealed class WriteAheadLogStops : StopSubject
{
    public override string Name => "WriteAheadLog";

    public override TimeSpan Bound => new WriteAheadLogOptions().StopLimit;

    public override IReadOnlyList<StopFault> Faults => DiskFaults;

    public override IReadOnlyList<string> States => ["starting", "appending"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

    private sealed class Component(IPlatform platform) : OwnedComponent(platform, new WriteAheadLogOptions().StopLimit)
    {
        private static readonly WriteAheadLogOptions Options = new() { QueueLengthMax = 3, SegmentBytesMax = 4096 };
        private ulong _lastDurable;
        private ulong _durable;
        private bool _failed;
        private WriteAheadLog? _log;

        public override int Operators => 4;

        public override string State => "appending";

        public override async Task OperateAsync(int who)
        {
            WriteAheadLog log = _log ?? throw NotRunning();
            if (who == 0)
            {
                await log.TruncatePrefixAsync(_lastDurable, CancellationToken.None);
                return;
            }

            try
            {
                ulong index = await log.AppendNextAsync(1, LogEntryKind.Command, new byte[200 + who], CancellationToken.None);
                _lastDurable = Math.Max(_lastDurable, index);
                _durable++;
            }
            catch (WriteAheadLogException)
            {
                _failed = true;
                throw;
            }
        }

        public override bool IsAnswer(Exception exception) => base.IsAnswer(exception) || exception is WriteAheadLogException;

        public override bool IsRefusal(Exception exception) => base.IsRefusal(exception) || exception is LogClosedException;

        // Nothing that was acknowledged is missing, and nothing that was refused is there.
        public override async Task AuditAsync(IPlatform platform)
        {
            await using var owner = new TaskScope(platform.Tasks, "audit");
            WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, owner, Options, CancellationToken.None);
            ulong last = log.Recovered.Entries.Count > 0 ? log.Recovered.Entries[^1].Index : log.Recovered.Start.Index;
            await log.StopAsync();
            Assert.True(last >= _lastDurable, "what was durable is gone");
            Assert.True(_failed || last == _durable, $"{_durable} entries were acknowledged, and {last} are there");
        }

        protected override async Task OpenAsync(TaskScope owner, CancellationToken cancellationToken) =>
            _log = await WriteAheadLog.OpenAsync(Platform, owner, Options, cancellationToken);

        protected override Task StopOpenedAsync() => _log?.StopAsync() ?? Task.CompletedTask;
    }
}
