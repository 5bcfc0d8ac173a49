namespace SimGraph.Runtime.Network;

/// <summary>
/// One byte-stream connection. One reader and one writer at a time, which may be different tasks; <see cref="Abort"/> and disposal from any task.
/// Disposal closes at once: unread and unsent bytes may be lost. It is idempotent, and ends pending calls with <see cref="NetworkException"/>
/// or <see cref="ObjectDisposedException"/>.
/// </summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>Address of this end.</summary>
    NetworkAddress LocalAddress { get; }

    /// <summary>Address of the other end.</summary>
    NetworkAddress RemoteAddress { get; }

    /// <summary>Reads at least one byte, or 0 when the peer has completed its writes. May return fewer bytes than were written at once.</summary>
    /// <exception cref="NetworkException">The connection was reset or aborted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; no byte is lost, the connection stays usable.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// Writes all bytes. Waits while the peer does not read and buffers are full. A return says nothing about arrival. If it is cancelled or fails, an
    /// unknown prefix was sent: abort the connection. Cancellation aborts it.
    /// </summary>
    /// <exception cref="NetworkException">The connection was reset or aborted, or its writes are completed.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Half-close: the peer reads 0 behind what was written. Reading goes on. Idempotent.</summary>
    void CompleteWrites();

    /// <summary>Resets the connection: both ends fail, buffered bytes are dropped. Idempotent, never throws.</summary>
    void Abort();
}
