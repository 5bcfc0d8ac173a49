using System.Text;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.Client;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Taking;

/// <summary>One connection to one member that serves a backup. One user at a time; whatever a call throws, the connection is of no further use.</summary>
internal sealed class BackupSource : IAsyncDisposable
{
    private readonly IPlatform _platform;
    private readonly BackupOptions _options;
    private readonly ClientConnection _connection;
    private ulong _requests;

    private BackupSource(IPlatform platform, BackupOptions options, ClientConnection connection)
    {
        _platform = platform;
        _options = options;
        _connection = connection;
    }

    /// <summary>The member.</summary>
    public NetworkAddress Address => _connection.Address;

    /// <summary>Connects.</summary>
    /// <exception cref="SourceFailedException">No connection, or it is refused.</exception>
    public static async Task<BackupSource> ConnectAsync(IPlatform platform, BackupOptions options, NetworkAddress address, CancellationToken cancellationToken)
    {
        var hello = new HandshakeRequest(HandshakeRequest.CurrentVersion, HandshakeRole.Client, From: 0, To: 0, options.ClusterId);
        var limits = new DialLimits(options.ConnectLimit, options.HandshakeLimit, options.FramePayloadMax);
        try
        {
            DialledConnection dialled = await DialledConnection.DialAsync(platform, address, hello, limits, cancellationToken);
            return new BackupSource(platform, options, new ClientConnection(dialled, address, new FrameWriter(), platform.Clock.Elapsed(), ageLimit: TimeSpan.MaxValue));
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            throw new SourceFailedException(exception.Message, exception);
        }
    }

    /// <summary>Lets the member freeze its state, for this connection.</summary>
    /// <exception cref="SourceFailedException">It does not.</exception>
    public Task<FrozenAnswer> FreezeAsync(CancellationToken cancellationToken) =>
        AskAsync(new BackupRequest(BackupAction.Freeze), static body => FrozenAnswer.Decode(body.Span), cancellationToken);

    /// <summary>Reads the next chunk of the frozen state.</summary>
    /// <exception cref="SourceFailedException">It does not come.</exception>
    public async Task<ChunkAnswer> ReadChunkAsync(uint number, CancellationToken cancellationToken)
    {
        ChunkAnswer chunk = await AskAsync(new BackupRequest(BackupAction.Chunk, number), static body => ChunkAnswer.Decode(body), cancellationToken);
        return chunk.Number == number ? chunk : throw new SourceFailedException($"{Address} sent chunk {chunk.Number} where chunk {number} was asked for");
    }

    /// <summary>Reads committed entries behind a position.</summary>
    /// <exception cref="SourceFailedException">No answer comes.</exception>
    public Task<EntriesAnswer> ReadEntriesAsync(LogPosition previous, CancellationToken cancellationToken) =>
        AskAsync(new BackupRequest(BackupAction.Entries, Previous: previous), body => EntriesAnswer.Decode(body, previous), cancellationToken);

    /// <summary>The frozen state is wanted no more.</summary>
    /// <exception cref="SourceFailedException">No answer comes.</exception>
    public Task ReleaseAsync(CancellationToken cancellationToken) => AskAsync(new BackupRequest(BackupAction.Release), static _ => true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _connection.CloseAsync();

    private async Task<TAnswer> AskAsync<TAnswer>(BackupRequest request, Func<ReadOnlyMemory<byte>, TAnswer> decode, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(_platform.Clock, _options.RequestLimit, cancellationToken);
        try
        {
            ClientResponse response = await _connection.AskAsync(new ClientRequest(++_requests, RequestKind.Backup, request.Encode()), deadline.Token);
            return response.Status == ResponseStatus.Done
                ? decode(response.Body)
                : throw new SourceFailedException($"{Address}: {Encoding.UTF8.GetString(response.Body.Span)}");
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            throw new SourceFailedException($"{Address} did not answer within {_options.RequestLimit.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            throw new SourceFailedException(exception.Message, exception);
        }
    }
}
