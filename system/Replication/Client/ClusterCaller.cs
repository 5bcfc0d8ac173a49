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
internal sealed class ClusterCaller(IPlatform platform, ClientOptions options)
{
    private readonly Random _jitter = platform.Random.Get("client.backoff");
    private readonly Random _ages = platform.Random.Get("client.connection-age");
    private readonly FrameWriter _writer = new();
    private ClientConnection? _connection;
    private NetworkAddress? _hint;
    private NetworkAddress? _again;
    private int _nextAddress = -1;
    private ulong _requests;

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
                    $"no leader answered within {options.OperationLimit.TotalSeconds:0.###} s; last failure: {attempts.LastFailure ?? "none, the time was up before"}");
            }

            if (attempts.MayBeApplied && IsCommand(kind))
            {
                platform.Probes.Reachable("client.retried-write");
            }

            if (await TryOnceAsync(kind, body, attempts, cancellationToken) is { } answer)
            {
                return answer;
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

            using var deadline = Deadline.After(platform.Clock, left < options.RequestLimit ? left : options.RequestLimit, cancellationToken);
            sent = true;
            ClientResponse response = await connection.AskAsync(new ClientRequest(++_requests, kind, body), deadline.Token);
            answered = true;
            connection.Touch(platform.Clock.Elapsed());
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
        if (_connection is { } connection && connection.IsDue(platform.Clock.Elapsed(), options.ConnectionIdleLimit))
        {
            platform.Probes.Reachable("client.connection-retired");
            _again = connection.Address;
            await CloseAsync();
        }
    }

    private void ThrowIfAllRefuse(Exception exception, Attempts attempts)
    {
        attempts.Refusals = exception is HandshakeRefusedException { IsFinal: true } ? attempts.Refusals + 1 : 0;
        if (attempts.Refusals >= options.Addresses.Length)
        {
            throw new RequestRefusedException($"no member takes this client: {exception.Message}");
        }
    }

    private TimeSpan TimeLeft(Attempts attempts) => attempts.StartedAt + options.OperationLimit - platform.Clock.Elapsed();

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
        using var deadline = Deadline.After(platform.Clock, left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1), cancellationToken);
        NetworkAddress address = NextAddress();
        var hello = new HandshakeRequest(HandshakeRequest.CurrentVersion, HandshakeRole.Client, From: 0, To: 0, options.ClusterId);
        var limits = new DialLimits(options.ConnectLimit, options.HandshakeLimit, options.FramePayloadMax);
        DialledConnection dialled = await DialledConnection.DialAsync(platform, address, hello, limits, deadline.Token);
        return new ClientConnection(dialled, address, _writer, platform.Clock.Elapsed(), ConnectionAge.Draw(options.ConnectionAgeLimit, _ages));
    }

    private NetworkAddress NextAddress()
    {
        if (_again is { } again)
        {
            _again = null;
            return again;
        }

        if (_hint is { } hint)
        {
            _hint = null;
            platform.Probes.Reachable("client.followed-leader-hint");
            return hint;
        }

        // Clients start at different members, then go round.
        _nextAddress = _nextAddress < 0 ? _jitter.Next(options.Addresses.Length) : (_nextAddress + 1) % options.Addresses.Length;
        return options.Addresses[_nextAddress];
    }

    private async Task PauseAsync(Attempts attempts, CancellationToken cancellationToken)
    {
        // A hint is followed at once, but two nodes that point at each other must not be asked in a tight loop.
        if (_hint is not null && attempts.HintsFollowed < options.Addresses.Length)
        {
            attempts.HintsFollowed++;
            return;
        }

        attempts.HintsFollowed = 0;
        TimeSpan delay = options.RetryDelayMin * (1 << Math.Min(attempts.Failed++, 16));
        if (delay > options.RetryDelayMax)
        {
            delay = options.RetryDelayMax;
        }

        delay *= 0.5 + (0.5 * _jitter.NextDouble());
        TimeSpan left = TimeLeft(attempts);
        if (left > TimeSpan.Zero)
        {
            await platform.Clock.DelayAsync(delay < left ? delay : left, cancellationToken);
        }
    }
}
