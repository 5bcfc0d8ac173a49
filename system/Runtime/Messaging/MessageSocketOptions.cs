namespace SimGraph.Runtime.Messaging;

/// <summary>Settings of a message socket. Linger is always zero: what is unsent when a socket is disposed is lost.</summary>
public sealed record MessageSocketOptions
{
    /// <summary>Messages that wait to be sent to one peer before the pattern drops or waits. 1,000.</summary>
    public int SendHighWaterMark { get; init; } = 1000;

    /// <summary>Messages of one peer that wait to be received before no more are read from it. 1,000. Buffers of the network hold more.</summary>
    public int ReceiveHighWaterMark { get; init; } = 1000;

    /// <summary>What a router calls this socket; empty lets each router choose. A newer peer of the same identity takes the place of the older.</summary>
    public ReadOnlyMemory<byte> Identity { get; init; }

    /// <summary>Pause before a lost connection is made again. 100 ms.</summary>
    public TimeSpan ReconnectInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Largest frame accepted; a peer that sends a larger one is disconnected. 8 MiB.</summary>
    public int FrameBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Throws when a setting makes no sense.</summary>
    /// <exception cref="ArgumentException">Which one, and what is allowed.</exception>
    public void Validate()
    {
        Require(SendHighWaterMark is >= 1 and <= 1_000_000, $"{nameof(SendHighWaterMark)} is {SendHighWaterMark}, allowed is 1 to 1000000");
        Require(ReceiveHighWaterMark is >= 1 and <= 1_000_000, $"{nameof(ReceiveHighWaterMark)} is {ReceiveHighWaterMark}, allowed is 1 to 1000000");
        Require(Identity.Length <= 255, $"{nameof(Identity)} has {Identity.Length} bytes, allowed are 255");
        Require(Identity.IsEmpty || Identity.Span[0] != 0, $"{nameof(Identity)} begins with a zero byte, which is kept for identities that routers choose");
        Require(
            ReconnectInterval >= TimeSpan.FromMilliseconds(1) && ReconnectInterval <= TimeSpan.FromMinutes(10),
            $"{nameof(ReconnectInterval)} is {ReconnectInterval}, allowed is 1 ms to 10 min");
        Require(FrameBytesMax is >= 256 and <= 1024 * 1024 * 1024, $"{nameof(FrameBytesMax)} is {FrameBytesMax}, allowed is 256 to 1073741824");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"message socket options: {message}");
        }
    }
}
