// One life of a node's inbox: asked what it was asked, while a reader takes turns as the node's event loop does. What it promises: what was accepted is received, once, and in its caller's order; what was not is
// not; after a wake or a tick there is a turn that sees it. A wake that is lost shows as a deadlock: the scenario waits for the turn that never comes.

using SimGraph.Coyote.Tests.Engine;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Concurrency;
using SimGraph.Soak.FineLane.Zoom;
using Xunit;

namespace SimGraph.Coyote.Tests.Zoom.Inbox;

/// <summary>The scenario of an inbox's calls.</summary>
internal sealed class InboxZoom
{
    private readonly ZoomLife _life;
    private readonly Func<int, IZoomedInbox> _create;
    private readonly int _capacity;

    internal InboxZoom(ZoomLife life, Func<int, IZoomedInbox> create)
    {
        _life = life;
        _create = create;
        _capacity = checked((int)Math.Max(1, life.Open.ValueOf("capacity")));
        if (life.Calls.FirstOrDefault(static call => call.Call is not ("post" or "try-post" or "wake" or "tick" or "close")) is { } unknown)
        {
            throw new FormatException($"call {unknown.Number}: an inbox cannot be asked to '{unknown.Call}'");
        }
    }

    internal async Task RunAsync()
    {
        var attempt = new Attempt(_create(_capacity));
        Task reader = Task.Run(attempt.ReadAsync);
        await new ZoomCallers(_life.Calls).RunAsync(attempt.MakeAsync);
        await attempt.SettleAsync();
        await Promise.EndsAsync<StopReturns>(reader);
        attempt.Check(_life.Calls);
    }

    /// <summary>The calls of one schedule.</summary>
    private sealed class Attempt(IZoomedInbox inbox)
    {
        private readonly object _gate = new();
        private readonly AsyncSignal _turnEnded = new();
        private readonly Dictionary<int, bool> _accepted = [];
        private readonly List<int> _received = [];
        private int _raised;
        private int _raising;
        private int _seen;
        private int _ticks;
        private int _ticksTaken;
        private int _owed;
        private bool _closed;

        internal async Task MakeAsync(ZoomCall call, CancellationToken cancellationToken)
        {
            switch (call.Call)
            {
                case "wake":
                    Raise(inbox.Wake);
                    break;
                case "tick":
                    Interlocked.Increment(ref _ticks);
                    Raise(inbox.PostTick);
                    break;
                case "close":
                    Close();
                    break;
                case "try-post":
                    Note(call, inbox.TryPost(EventOf(call)));
                    break;
                default:
                    Note(call, await PostAsync(call, cancellationToken));
                    break;
            }
        }

        // As ReplicaLoop does: all events, then the tick, then the flags.
        internal async Task ReadAsync()
        {
            do
            {
                while (inbox.TryReceive(out ReplicaEvent occurred))
                {
                    if (occurred.Kind != ReplicaEventKind.Wake)
                    {
                        _received.Add((int)occurred.RequestId);
                    }
                }

                if (inbox.TakeTick())
                {
                    _ticksTaken++;
                }

                Volatile.Write(ref _seen, Volatile.Read(ref _raised));
                _turnEnded.Set();
            }
            while (await inbox.WaitAsync());
            _turnEnded.Set();
        }

        internal async Task SettleAsync()
        {
            while (!_closed && Volatile.Read(ref _seen) < Volatile.Read(ref _raised))
            {
                await _turnEnded.WaitAsync(CancellationToken.None);
            }

            Close();
        }

        internal void Check(IReadOnlyList<ZoomCall> calls)
        {
            Assert.True(_seen >= _owed, $"{_owed} wakes and ticks came before the inbox was closed, and the turns saw {_seen} of them");
            Assert.True(_ticksTaken > 0 || _ticks == 0 || _owed < _raised, $"none of {_ticks} ticks was taken");
            foreach ((int number, bool accepted) in _accepted)
            {
                int times = _received.Count(received => received == number);
                Assert.True(times == (accepted ? 1 : 0), $"the event of call {number} was {(accepted ? "accepted" : "refused")}, and received {times} times");
            }

            Dictionary<int, string> callers = calls.ToDictionary(static call => call.Number, static call => call.Caller);
            foreach (IGrouping<string, int> ofCaller in _received.GroupBy(number => callers[number]))
            {
                Assert.True(ofCaller.SequenceEqual(ofCaller.Order()), $"the events of {ofCaller.Key} were received in the order {string.Join(", ", ofCaller)}");
            }
        }

        private static ReplicaEvent EventOf(ZoomCall call) => new()
        {
            // The loop's own event has no number, and any other kind will do.
            Kind = call.ValueOf("kind") is > 0 and < byte.MaxValue and long kind ? (ReplicaEventKind)kind : ReplicaEventKind.Message,
            RequestId = (ulong)call.Number,
        };

        private async Task<bool> PostAsync(ZoomCall call, CancellationToken cancellationToken)
        {
            try
            {
                return await inbox.PostAsync(EventOf(call), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        private void Raise(Action wake)
        {
            Interlocked.Increment(ref _raising);
            Interlocked.Increment(ref _raised);
            wake();
            Interlocked.Decrement(ref _raising);
        }

        // Owed is a turn to those who were done before. A wake that meets the close may find it closed.
        private void Close()
        {
            int raised = Volatile.Read(ref _raised);
            lock (_gate)
            {
                _owed = _closed || Volatile.Read(ref _raising) > 0 ? _owed : raised;
                _closed = true;
            }

            inbox.Close();
        }

        private void Note(ZoomCall call, bool accepted)
        {
            lock (_gate)
            {
                _accepted.Add(call.Number, accepted);
            }
        }
    }
}
