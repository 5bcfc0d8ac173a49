using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace LockService;

/// <summary>Lends a counter to one client at a time: sends its value, takes the new one. A message is one byte: none comes in parts.</summary>
internal sealed class LockServer(IPlatform platform, bool fencing)
{
    public static readonly NetworkAddress Address = new("server", 7000);
    private TimeSpan _leaseEnd;
    private byte _counter;
    private long _token;

    public async Task RunAsync(CancellationToken stop)
    {
        await using var sessions = new TaskScope(platform.Tasks, "server");
        await using IListener listener = await platform.Network.ListenAsync(Address, stop);
        try
        {
            while (true)
            {
                IConnection connection = await listener.AcceptAsync(stop);
                sessions.Run("session", stopping => LendAsync(connection, stopping));
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop: the listener closes, then the scope waits for its sessions. Nothing is left.
        }
    }

    private async Task LendAsync(IConnection connection, CancellationToken stop)
    {
        await using IConnection owned = connection;
        TimeSpan now = platform.Clock.Elapsed();
        if (now < _leaseEnd)
        {
            return;
        }

        _leaseEnd = now + TimeSpan.FromSeconds(1);
        long token = ++_token;
        byte[] value = [_counter];
        try
        {
            await connection.WriteAsync(value, stop);
            // The planted bug is not to compare tokens: a lease ends unnoticed while its holder, or the network, is slow.
            if (await connection.ReadAsync(value, stop) == 1 && (token == _token || !fencing))
            {
                _counter = value[0];
                _leaseEnd = TimeSpan.Zero;
                await connection.WriteAsync(value, stop);
            }
        }
        catch (IOException)
        {
            // The client is gone: its lease will end.
        }
    }
}
