using SimGraph.Query;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A feed with subscribers that come and go, and handlers of which some do not listen to their token.</summary>
internal sealed class ChangeFeedStops : StopSubject
{
    private static readonly ChangeFeedOptions Options = new() { QueueMax = 2, StopLimit = TimeSpan.FromSeconds(1) };
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Empty, PropertyMap.Empty));
    private static readonly GraphOutcome Done = GraphOutcome.Applied([]);

    public override string Name => "ChangeFeed";

    public override TimeSpan Bound => Options.StopLimit;

    public override IReadOnlyList<StopFault> Faults => [];

    public override IReadOnlyList<string> States => ["idle", "telling"];

    public override double Pace => 0.05;

    public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform);

#pragma warning disable CA1001 // Its stop is the end of it.
    private sealed class Component(IPlatform platform) : OwnedComponent(platform, Options.StopLimit)
#pragma warning restore CA1001
    {
        private ChangeFeed? _feed;
        private ulong _index;
        private int _running;

        public override int Operators => 5;

        public override string State => _running > 0 ? "telling" : "idle";

        public override async Task OperateAsync(int who)
        {
            ChangeFeed feed = _feed ?? throw NotRunning();
            await using Subscription subscription = feed.Subscribe($"subscriber-{who}", (_, token) => HandleAsync(who, token));
            for (int i = 0; i < 3; i++)
            {
                feed.Applied(++_index, Command, Done);
                await Platform.Clock.DelayAsync(TimeSpan.FromMicroseconds(200 * who), CancellationToken.None);
            }
        }

        public override bool IsRefusal(Exception exception) => base.IsRefusal(exception) || exception is ObjectDisposedException;

        protected override Task OpenAsync(TaskScope owner, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _feed = new ChangeFeed(Platform, owner, 0, Options);
            return Task.CompletedTask;
        }

        protected override Task StopOpenedAsync() => _feed?.StopAsync() ?? Task.CompletedTask;

        private async Task HandleAsync(int who, CancellationToken cancellation)
        {
            _running++;
            try
            {
                await Platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(2 * who), who % 2 == 0 ? cancellation : CancellationToken.None);
            }
            finally
            {
                _running--;
            }
        }
    }
}
