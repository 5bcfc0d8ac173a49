using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.ZeroMq;
using Xunit;

namespace SimGraph.Tests.ZeroMq;

public sealed class NetMqSocketsTests
{
    [Fact]
    public async Task Disposal_ends_sockets_that_are_still_open_and_the_owner_thread()
    {
        // Thread names are cut to 15 characters; this one is of this test alone.
        string name = $"zmq-{Guid.NewGuid():N}"[..15];
        var sockets = new NetMqSockets(name);
        IMessageSocket pull = sockets.Open(MessageSocketKind.Pull, new MessageSocketOptions());
        await pull.BindAsync(new NetworkAddress("127.0.0.1", 0), TestContext.Current.CancellationToken);
        ValueTask<Message> receiving = pull.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "threads are counted by way of /proc");
        Assert.Equal(1, ThreadsNamed(name));

        await sockets.DisposeAsync();
        await sockets.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await receiving);
        Assert.Equal(0, ThreadsNamed(name));
        Assert.Throws<ObjectDisposedException>(() => sockets.Open(MessageSocketKind.Pull, new MessageSocketOptions()));
    }

    [Fact]
    public async Task One_that_was_never_used_starts_nothing()
    {
        await using var sockets = new NetMqSockets();
    }

    private static int ThreadsNamed(string name) =>
        Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task) == name);

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return string.Empty;
        }
    }
}
