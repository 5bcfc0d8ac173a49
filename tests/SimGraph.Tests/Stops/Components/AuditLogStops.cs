using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Stops.Components;

/// <summary>The audit log: stopped by itself or with its owner, while it writes, rotates and compresses.</summary>
internal sealed class AuditLogStops : StopSubject
{
    private static readonly AuditOptions Options = new() { FileBytesMax = 8192, EventBytesMax = 4096, BatchBytesMax = 8192, QueueLengthMax = 3 };

    public override string Name => "AuditLog";

    public override TimeSpan Bound => TaskScope.DefaultStopLimit;

    public override IReadOnlyList<StopFault> Faults => DiskFaults;

    public override IReadOnlyList<string> States => ["starting", "writing"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

    private sealed class Component(IPlatform platform) : OwnedComponent(platform, TaskScope.DefaultStopLimit)
    {
        private ulong _lastDurable;
        private ulong _durable;
        private bool _failed;
        private AuditLog? _log;

        public override int Operators => 4;

        public override string State => "writing";

        public override async Task OperateAsync(int who)
        {
            AuditLog log = _log ?? throw NotRunning();
            if (who == 0)
            {
                await log.RotateAsync(CancellationToken.None);
                return;
            }

            try
            {
                AuditPosition position = await log.AppendAsync(new AuditEvent { Actor = "somebody", Action = "something" }, CancellationToken.None);
                _lastDurable = Math.Max(_lastDurable, position.Sequence);
                _durable++;
            }
            catch (AuditException)
            {
                _failed = true;
                throw;
            }
        }

        public override bool IsAnswer(Exception exception) => base.IsAnswer(exception) || exception is AuditException;

        public override bool IsRefusal(Exception exception) => base.IsRefusal(exception) || exception is AuditClosedException;

        // Nothing that was acknowledged is missing, and nothing that was refused is there.
        public override async Task AuditAsync(IPlatform platform)
        {
            await using var owner = new TaskScope(platform.Tasks, "audit");
            AuditLog log = await AuditLog.OpenAsync(platform, owner, Options, CancellationToken.None);
            AuditVerification found = await log.VerifyAsync(CancellationToken.None);
            await log.StopAsync();
            Assert.True(found.IsSound, "the chain is broken");
            Assert.True(found.LastSequence >= _lastDurable, "what was durable is gone");
            Assert.True(_failed || found.LastSequence == _durable, $"{_durable} events were acknowledged, and {found.LastSequence} are there");
        }

        protected override async Task OpenAsync(TaskScope owner, CancellationToken cancellationToken) =>
            _log = await AuditLog.OpenAsync(Platform, owner, Options, cancellationToken);

        protected override Task StopOpenedAsync() => _log?.StopAsync() ?? Task.CompletedTask;
    }
}
