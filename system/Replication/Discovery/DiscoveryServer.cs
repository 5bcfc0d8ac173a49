// The answering side of discovery.
//
// Concurrency model: one task accepts, one per connection reads and answers; all in the scope that is given.
// Fault model: strangers, garbage, silence, floods. Each costs bounded memory and its own connection. When all places are taken, the one that has not asked
// anything sensible for longest has to go, so that silent strangers cannot keep members out.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Discovery;

/// <summary>Answers the questions of other nodes and of clients.</summary>
internal sealed class DiscoveryServer(IPlatform platform, DiscoveryOptions options, MemberBoard board, IListener listener, TaskScope scope, ILogger logger)
{
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly SortedDictionary<long, Guest> _guests = [];
    private long _accepted;

    /// <summary>Begins to accept.</summary>
    public void Start() => scope.Run("accept", AcceptAsync);

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            IConnection connection;
            try
            {
                connection = await listener.AcceptAsync(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (NetworkException exception)
            {
                DiscoveryLog.AcceptFailed(logger, exception.Message);
                await platform.Clock.DelayAsync(AcceptRetryDelay, cancellationToken);
                continue;
            }

            if (!TryStart(connection))
            {
                connection.Abort();
                await connection.DisposeAsync();
            }
        }
    }

    private bool TryStart(IConnection connection)
    {
        var guest = new Guest(connection, platform.Clock.Elapsed());
        long number;
        lock (_gate)
        {
            number = ++_accepted;
            if (_guests.Count >= options.ConnectionsMax)
            {
                MakeRoom(guest.LastAnswered);
                return false;
            }

            _guests.Add(number, guest);
        }

        try
        {
            scope.Run("connection", token => ServeAsync(number, guest, token));
            return true;
        }
        catch (ScopeStoppedException)
        {
            Remove(number);
            return false;
        }
    }

    // The place is free once the guest's task has seen the abort: the newcomer is refused, and finds it when it comes again.
    private void MakeRoom(TimeSpan now)
    {
        platform.Probes.Reachable("discovery.connections-full");
        Guest stalest = _guests.MinBy(static guest => guest.Value.LastAnswered).Value;
        if (now - stalest.LastAnswered > options.Table.FailureAfter)
        {
            stalest.Connection.Abort();
        }
    }

    private void Remove(long number)
    {
        lock (_gate)
        {
            _guests.Remove(number);
        }
    }

    private async Task ServeAsync(long number, Guest guest, CancellationToken cancellationToken)
    {
        string reason = "the other side closed it";
        try
        {
            await ConverseAsync(guest, cancellationToken);
        }
        catch (Exception exception) when (DiscoveryFailure.IsExpected(exception))
        {
            reason = exception.Message;
        }
        finally
        {
            guest.Connection.Abort();
            await guest.Connection.DisposeAsync();
            Remove(number);
        }

        DiscoveryLog.InboundEnded(logger, guest.Connection.RemoteAddress, reason);
    }

    private async Task ConverseAsync(Guest guest, CancellationToken cancellationToken)
    {
        var reader = new FrameReader(guest.Connection, DiscoveryRequest.BytesMax);
        var writer = new FrameWriter();
        do
        {
            while (reader.TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload))
            {
                if (kind != FrameKind.DiscoveryRequest)
                {
                    throw new ProtocolException($"a frame of kind {(byte)kind} where a question of discovery must be");
                }

                DiscoveryRequest request = DiscoveryRequest.Decode(payload.Span);
                string? refusal = Judge(request);
                writer.Clear();
                writer.Write(refusal is null ? board.Answer(request) : Refuse(refusal));
                await SendAsync(guest.Connection, writer, cancellationToken);
                if (refusal is not null)
                {
                    platform.Probes.Reachable("discovery.request-refused");
                    DiscoveryLog.Refused(logger, guest.Connection.RemoteAddress, refusal);
                    await LingerAsync(guest.Connection, cancellationToken);
                    return;
                }

                lock (_gate)
                {
                    guest.LastAnswered = platform.Clock.Elapsed();
                }
            }
        }
        while (await FillAsync(reader, cancellationToken));
    }

    private async Task<bool> FillAsync(FrameReader reader, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(platform.Clock, options.IdleLimit, cancellationToken);
        try
        {
            return await reader.FillAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"silent for {options.IdleLimit.TotalSeconds:0.###} s");
        }
    }

    private async Task SendAsync(IConnection connection, FrameWriter writer, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(platform.Clock, options.ExchangeLimit, cancellationToken);
        try
        {
            await connection.WriteAsync(writer.Written, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"takes no answer for {options.ExchangeLimit.TotalSeconds:0.###} s");
        }
    }

    // A reset would overtake the refusal: the other side closes first, or the limit ends it.
    private async Task LingerAsync(IConnection connection, CancellationToken cancellationToken)
    {
        connection.CompleteWrites();
        byte[] ignored = new byte[256];
        using var deadline = Deadline.After(platform.Clock, options.ExchangeLimit, cancellationToken);
        try
        {
            while (await connection.ReadAsync(ignored, deadline.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            // Long enough.
        }
    }

    private string? Judge(in DiscoveryRequest request)
    {
        if (request.Version != DiscoveryRequest.CurrentVersion)
        {
            return $"version {request.Version} of discovery is not {DiscoveryRequest.CurrentVersion}";
        }

        if (request.ClusterId != options.ClusterId)
        {
            return "another cluster";
        }

        return request.To != 0 && request.To != options.Self.Value ? $"this is node {options.Self.Value}, not node {request.To}" : null;
    }

    private static DiscoveryAnswer Refuse(string reason) => new(DiscoveryRequest.CurrentVersion, DiscoveryVerdict.Refused, 0, reason, null, []);

    private sealed class Guest(IConnection connection, TimeSpan now)
    {
        internal IConnection Connection { get; } = connection;

        /// <summary>Guarded by the server's lock.</summary>
        internal TimeSpan LastAnswered { get; set; } = now;
    }
}
