// The contract of the network seam, promise by promise, run against the real kernel and against the simulator with faults off. Where the two
// differ, the simulator is wrong. Nothing here depends on timing: a limit only bounds how long a test that has failed already may take, and a
// wait is cancelled by a clock only where the promise is that it never ends by itself.

using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>Every promise of <see cref="INetwork"/>, <see cref="IListener"/> and <see cref="IConnection"/>.</summary>
public abstract partial class NetworkConformance
{
    /// <summary>More than any kernel buffers between two ends.</summary>
    private const int MoreThanAnyBuffer = 64 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a body on two machines, the server's and the client's, and fails if it fails or does not end.</summary>
    protected abstract Task RunAsync(Func<IPlatform, IPlatform, Task> body);

    /// <summary>The host name under which that machine listens and is reached.</summary>
    protected abstract string HostOf(IPlatform platform);

    /// <summary>Connections that a listener of these platforms holds before somebody accepts them. More than 50, which one test opens at once, and not many more.</summary>
    protected abstract int Backlog { get; }

    /// <summary>A transfer larger than every buffer on the way.</summary>
    protected abstract int LargeTransferBytes { get; }

    /// <summary>Runs a body with two connected ends.</summary>
    private Task RunConnectedAsync(Func<Ends, Task> body) => RunAsync(async (server, client) =>
    {
        await using IListener listener = await server.Network.ListenAsync(new NetworkAddress(HostOf(server), 0), CancellationToken.None);
        ValueTask<IConnection> accepting = listener.AcceptAsync(CancellationToken.None);
        await using IConnection near = await client.Network.ConnectAsync(listener.LocalAddress, CancellationToken.None);
        await using IConnection far = await accepting;
        await using var serverTasks = new TaskScope(server.Tasks, "server");
        await using var clientTasks = new TaskScope(client.Tasks, "client");
        await body(new Ends(server, client, near, far, serverTasks, clientTasks));
    });

    private static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        uint state = (uint)seed * 2654435761u + 1;
        for (int i = 0; i < bytes.Length; i++)
        {
            state = (state * 1664525u) + 1013904223u;
            bytes[i] = (byte)(state >> 24);
        }

        return bytes;
    }

    private static async Task<byte[]> ReadExactlyAsync(IConnection connection, int length, int pieceMax = int.MaxValue)
    {
        var bytes = new byte[length];
        int filled = 0;
        while (filled < length)
        {
            int read = await connection.ReadAsync(bytes.AsMemory(filled, Math.Min(pieceMax, length - filled)), CancellationToken.None);
            Assert.NotEqual(0, read);
            filled += read;
        }

        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(IConnection connection)
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            int read = await connection.ReadAsync(buffer, CancellationToken.None);
            if (read == 0)
            {
                return all.ToArray();
            }

            all.Write(buffer, 0, read);
        }
    }

    /// <summary>Reads until the connection fails; the error is why. What had arrived before may come first.</summary>
    private static async Task<NetworkException> ReadUntilFailureAsync(IConnection connection)
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                Assert.NotEqual(0, await connection.ReadAsync(buffer, CancellationToken.None));
            }
            catch (NetworkException failure)
            {
                return failure;
            }
        }
    }

    /// <summary>Writes until the connection fails, with a rest between the writes so that news from the peer can arrive.</summary>
    private static async Task<NetworkException> WriteUntilFailureAsync(IPlatform platform, IConnection connection)
    {
        while (true)
        {
            try
            {
                await connection.WriteAsync(new byte[100], CancellationToken.None);
            }
            catch (NetworkException failure)
            {
                return failure;
            }

            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    }

    private static async Task EndsByClosingAsync(Task pending)
    {
        Exception? failure = await Record.ExceptionAsync(() => pending);
        Assert.True(failure is NetworkException or ObjectDisposedException, $"ended with {failure?.ToString() ?? "success"}");
    }

    /// <summary>Two connected ends and where their tasks run.</summary>
    private sealed record Ends(
        IPlatform Server, IPlatform Client, IConnection Near, IConnection Far, TaskScope ServerTasks, TaskScope ClientTasks)
    {
        public IConnection this[bool near] => near ? Near : Far;
    }
}
