// Finds the leader and gets one request answered by it: over one connection, with retries, back-off and leader hints. A request that is sent again is
// the same bytes; that this is harmless is the business of the layer above (reads change nothing, writes carry session and number).
//
// Concurrency model: one caller at a time; the client's lock sees to it. No task of its own.

using System.Text;
using SimGraph.Replication.Peers;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Client;

/// <summary>Asks the leader of a cluster, whoever it is. Not thread-safe.</summary>
internal sealed class ClusterCaller
{
    private readonly IPlatform _platform;
    private readonly ClientOptions _options;
    private readonly Random _jitter;
    private readonly Random _ages;
    private readonly MemberList _members;
    private readonly FrameWriter _writer = new();
    private ClientConnection? _connection;
    private NetworkAddress? _hint;
    private NetworkAddress? _again;
    private ulong _requests;

    public ClusterCaller(IPlatform platform, ClientOptions options)
    {
        _platform = platform;
        _options = options;
        _jitter = platform.Random.Get("client.backoff");
        _ages = platform.Random.Get("client.connection-age");
        _members = new MemberList(platform, options, _jitter);
    }

    /// <summary>Sends until the request is done, or accepted if that is enough for it; returns the answer.</summary>
    /// <exception cref="RequestRefusedException">No node will ever serve it.</exception>
    /// <exception cref="TimeoutException">The operation's limit passed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ClientResponse> CallAsync(
        RequestKind kind, ReadOnlyMemory<byte> body, Attempts attempts, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TimeLeft(attempts) <= TimeSpan.Zero)
            {
                throw new TimeoutException(
                    $"no leader answered within {_options.OperationLimit.TotalSeconds:0.###} s; last failure: {attempts.LastFailure ?? "none, the time was up before"}");
            }

            if (attempts.MayBeApplied && IsCommand(kind))
            {
                _platform.Probes.Reachable("client.retried-write");
            }

            ClientResponse? answer = null;
            try
            {
                answer = await TryOnceAsync(kind, body, attempts, cancellationToken);
            }
            finally
            {
                // Also when the caller's patience ended it: one who never waits for long must come to look elsewhere all the same.
                _members.Tried(isServed: answer is not null);
            }

            if (answer is { } done)
            {
                return done;
            }

            await PauseAsync(attempts, cancellationToken);
        }
    }

    /// <summary>Closes the connection.</summary>
    public async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.CloseAsync();
        }
    }

    // Null: another attempt is due.
    private async Task<ClientResponse?> TryOnceAsync(
        RequestKind kind, ReadOnlyMemory<byte> body, Attempts attempts, CancellationToken cancellationToken)
    {
        bool sent = false;
        bool answered = false;
        bool isOfUse = false;
        try
        {
            await RetireAsync();
            ClientConnection connection = _connection ??= await ConnectAsync(attempts, cancellationToken);
            TimeSpan left = TimeLeft(attempts);
            if (left <= TimeSpan.Zero)
            {
                isOfUse = true;
                return null;
            }

            using var deadline = Deadline.After(_platform.Clock, left < _options.RequestLimit ? left : _options.RequestLimit, cancellationToken);
            sent = true;
            ClientResponse response = await connection.AskAsync(new ClientRequest(++_requests, kind, body), deadline.Token);
            answered = true;
            connection.Touch(_platform.Clock.Elapsed());
            attempts.Refusals = 0;
            ClientResponse? answer = await JudgeAsync(kind, response, connection.Address, attempts);
            isOfUse = true;
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            attempts.LastFailure = $"{_connection?.Address.ToString() ?? "a member"} did not answer in time";
            return null;
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            attempts.LastFailure = exception.Message;
            ThrowIfAllRefuse(exception, attempts);
            return null;
        }
        finally
        {
            if (sent && !answered)
            {
                attempts.MayBeApplied = true;
            }

            if (!isOfUse)
            {
                await CloseAsync();
            }
        }
    }

    // Between two requests, so that nothing waits for an answer.
    private async Task RetireAsync()
    {
        if (_connection is { } connection && connection.IsDue(_platform.Clock.Elapsed(), _options.ConnectionIdleLimit))
        {
            _platform.Probes.Reachable("client.connection-retired");
            _again = connection.Address;
            await CloseAsync();
        }
    }

    private void ThrowIfAllRefuse(Exception exception, Attempts attempts)
    {
        attempts.Refusals = exception is HandshakeRefusedException { IsFinal: true } ? attempts.Refusals + 1 : 0;
        if (attempts.Refusals > 0 && attempts.Refusals >= _members.Count)
        {
            throw new RequestRefusedException($"no member takes this client: {exception.Message}");
        }
    }

    private TimeSpan TimeLeft(Attempts attempts) => attempts.StartedAt + _options.OperationLimit - _platform.Clock.Elapsed();

    private static bool IsCommand(RequestKind kind) => kind is RequestKind.Command or (>= RequestKind.DefaultCommand and <= RequestKind.AllCommand);

    private async Task<ClientResponse?> JudgeAsync(RequestKind kind, ClientResponse response, NetworkAddress address, Attempts attempts)
    {
        switch (response.Status)
        {
            case ResponseStatus.Done:
            case ResponseStatus.Accepted when kind is RequestKind.DefaultCommand or RequestKind.AsynchronousCommand:
                return response;
            case ResponseStatus.Accepted:
                attempts.MayBeApplied = true;
                throw new ProtocolException($"{address} only accepted a request of kind {(byte)kind}");
            case ResponseStatus.Invalid:
            case ResponseStatus.Refused:
                throw new RequestRefusedException($"{address} refused the request: {Encoding.UTF8.GetString(response.Body.Span)}");
            case ResponseStatus.Busy:
                attempts.LastFailure = $"{address}: {Encoding.UTF8.GetString(response.Body.Span)}";
                return null;
            case ResponseStatus.OutcomeUnknown:
                attempts.MayBeApplied = true;
                attempts.LastFailure = $"{address} lost its leadership or stopped before the outcome was known";
                _hint = LeaderHint.Decode(response.Body.Span);
                break;
            case ResponseStatus.NotLeader:
                attempts.LastFailure = $"{address} is not the leader";
                _hint = LeaderHint.Decode(response.Body.Span);
                break;
            default:
                attempts.LastFailure = $"{address} stops";
                break;
        }

        await CloseAsync();
        return null;
    }

    private async Task<ClientConnection> ConnectAsync(Attempts attempts, CancellationToken cancellationToken)
    {
        // A pause may have used up the very last of the time.
        TimeSpan left = TimeLeft(attempts);
        using var deadline = Deadline.After(_platform.Clock, left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1), cancellationToken);
        NetworkAddress address = await NextAddressAsync(deadline.Token);
        var hello = new HandshakeRequest(HandshakeRequest.CurrentVersion, HandshakeRole.Client, From: 0, To: 0, _options.ClusterId);
        var limits = new DialLimits(_options.ConnectLimit, _options.HandshakeLimit, _options.FramePayloadMax);
        DialledConnection dialled = await DialledConnection.DialAsync(_platform, address, hello, limits, deadline.Token);
        return new ClientConnection(dialled, address, _writer, _platform.Clock.Elapsed(), ConnectionAge.Draw(_options.ConnectionAgeLimit, _ages));
    }

    private async Task<NetworkAddress> NextAddressAsync(CancellationToken cancellationToken)
    {
        if (_again is { } again)
        {
            _again = null;
            return again;
        }

        if (_hint is { } hint)
        {
            _hint = null;
            _platform.Probes.Reachable("client.followed-leader-hint");
            return hint;
        }

        await _members.LookAsync(cancellationToken);
        return _members.Next();
    }

    private async Task PauseAsync(Attempts attempts, CancellationToken cancellationToken)
    {
        // A hint is followed at once, but two nodes that point at each other must not be asked in a tight loop.
        if (_hint is not null && attempts.HintsFollowed < _members.Count)
        {
            attempts.HintsFollowed++;
            return;
        }

        attempts.HintsFollowed = 0;
        TimeSpan delay = _options.RetryDelayMin * (1 << Math.Min(attempts.Failed++, 16));
        if (delay > _options.RetryDelayMax)
        {
            delay = _options.RetryDelayMax;
        }

        delay *= 0.5 + (0.5 * _jitter.NextDouble());
        TimeSpan left = TimeLeft(attempts);
        if (left > TimeSpan.Zero)
        {
            await _platform.Clock.DelayAsync(delay < left ? delay : left, cancellationToken);
        }
    }
}
