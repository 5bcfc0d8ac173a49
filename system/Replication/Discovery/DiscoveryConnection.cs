using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Discovery;

/// <summary>A connection over which questions are asked, one at a time. Disposal aborts it.</summary>
internal sealed class DiscoveryConnection : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly IConnection _connection;
    private readonly NetworkAddress _address;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer = new();

    private DiscoveryConnection(TimeProvider clock, IConnection connection, NetworkAddress address)
    {
        _clock = clock;
        _connection = connection;
        _address = address;
        _reader = new FrameReader(connection, DiscoveryAnswer.BytesMax);
    }

    /// <summary>Connects; leaves nothing open when it fails.</summary>
    /// <exception cref="NetworkException">No connection.</exception>
    /// <exception cref="TimeoutException">The limit passed.</exception>
    public static async Task<DiscoveryConnection> DialAsync(IPlatform platform, NetworkAddress address, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(platform.Clock, limit, cancellationToken);
        try
        {
            IConnection connection = await platform.Network.ConnectAsync(address, deadline.Token);
            return new DiscoveryConnection(platform.Clock, connection, address);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"no connection to {address} within {limit.TotalSeconds:0.###} s");
        }
    }

    /// <summary>Asks, and waits for the answer. When it fails, the connection is of no more use.</summary>
    /// <returns>The answer, and when the question was asked.</returns>
    /// <exception cref="NetworkException">The connection broke.</exception>
    /// <exception cref="TimeoutException">The limit passed.</exception>
    /// <exception cref="ProtocolException">The other side does not speak this protocol.</exception>
    /// <exception cref="DiscoveryRefusedException">The other side does not answer such a question.</exception>
    public async Task<(DiscoveryAnswer Answer, TimeSpan AskedAt)> AskAsync(DiscoveryRequest request, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(_clock, limit, cancellationToken);
        try
        {
            TimeSpan askedAt = _clock.Elapsed();
            _writer.Clear();
            _writer.Write(request);
            await _connection.WriteAsync(_writer.Written, deadline.Token);
            DiscoveryAnswer answer = await ReadAnswerAsync(deadline.Token);
            if (answer.Verdict == DiscoveryVerdict.Refused)
            {
                throw new DiscoveryRefusedException(_address, answer.Reason);
            }

            Check(request, answer);
            return (answer, askedAt);
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new TimeoutException($"{_address} did not answer within {limit.TotalSeconds:0.###} s");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _connection.Abort();
        await _connection.DisposeAsync();
    }

    private void Check(DiscoveryRequest request, DiscoveryAnswer answer)
    {
        if (answer.Version != DiscoveryRequest.CurrentVersion)
        {
            throw new ProtocolException($"{_address} answers in version {answer.Version} of discovery, not {DiscoveryRequest.CurrentVersion}");
        }

        MemberRecord own = answer.Own!;
        if (request.To != 0 && own.Node != new NodeId(request.To))
        {
            throw new ProtocolException($"{_address} answers as node {own.Node.Value} to a question to node {request.To}");
        }
    }

    private async Task<DiscoveryAnswer> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        FrameKind kind;
        ReadOnlyMemory<byte> payload;
        while (!_reader.TryRead(out kind, out payload))
        {
            if (!await _reader.FillAsync(cancellationToken))
            {
                throw new NetworkException(NetworkError.Reset, $"{_address} closed the connection before it answered");
            }
        }

        return kind == FrameKind.DiscoveryAnswer
            ? DiscoveryAnswer.Decode(payload.Span)
            : throw new ProtocolException($"{_address} answered with a frame of kind {(byte)kind}");
    }
}
