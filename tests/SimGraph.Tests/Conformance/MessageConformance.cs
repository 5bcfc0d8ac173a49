// The contract of the message seam, promise by promise, run against NetMQ over loopback and against the simulated twin. What ZeroMQ leaves open (how many messages
// the buffers of a network hold, when exactly a subscription has arrived) no test relies on: they repeat a send until its effect is seen.

using System.Globalization;
using System.Text;
using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>Every promise of <see cref="IMessageSockets"/> and <see cref="IMessageSocket"/>.</summary>
public abstract partial class MessageConformance
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly MessageSocketOptions Quick = new() { ReconnectInterval = TimeSpan.FromMilliseconds(20) };

    /// <summary>Runs a body on two machines, and fails if it fails or does not end.</summary>
    protected abstract Task RunAsync(Func<IPlatform, IPlatform, Task> body);

    /// <summary>The host name under which that machine binds and is reached.</summary>
    protected abstract string HostOf(IPlatform platform);

    /// <summary>Bytes of a message, so that few hundred of them are more than any buffer on the way.</summary>
    protected abstract int LargeMessageBytes { get; }

    private static Message Text(params string[] frames) => new([.. frames.Select(frame => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(frame))]);

    private static string[] Texts(Message message) => [.. Enumerable.Range(0, message.Count).Select(i => Encoding.UTF8.GetString(message[i].Span))];

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ValueTask<NetworkAddress> BindAsync(IPlatform platform, IMessageSocket socket) =>
        socket.BindAsync(new NetworkAddress(HostOf(platform), 0), CancellationToken.None);

    private static ValueTask<Message> ReceiveAsync(IMessageSocket socket) => socket.ReceiveAsync(CancellationToken.None);

    private static ValueTask<SendOutcome> SendAsync(IMessageSocket socket, Message message) => socket.SendAsync(message, CancellationToken.None);

    /// <summary>Publishes beats until the subscriber gets one: its subscription has arrived.</summary>
    private static async Task JoinAsync(IPlatform platform, IMessageSocket publisher, IMessageSocket subscriber, string topic)
    {
        using var joined = new CancellationTokenSource();
        Task beating = BeatAsync(platform, publisher, topic, joined.Token);
        Assert.Equal([topic, "beat"], Texts(await ReceiveAsync(subscriber)));
        joined.Cancel();
        await beating;
        await SendAsync(publisher, Text(topic, "joined"));
        while (Texts(await ReceiveAsync(subscriber))[1] != "joined")
        {
            // More beats that were under way.
        }
    }

    private static async Task BeatAsync(IPlatform platform, IMessageSocket publisher, string topic, CancellationToken joined)
    {
        while (!joined.IsCancellationRequested)
        {
            await SendAsync(publisher, Text(topic, "beat"));
            await platform.Clock.DelayAsync(Pause, CancellationToken.None);
        }
    }

    /// <summary>Sends to a router's peer until the router knows it.</summary>
    private static async Task<SendOutcome> RouteAsync(IPlatform platform, IMessageSocket router, Message message)
    {
        SendOutcome outcome = await SendAsync(router, message);
        while (outcome == SendOutcome.Unreachable)
        {
            await platform.Clock.DelayAsync(Pause, CancellationToken.None);
            outcome = await SendAsync(router, message);
        }

        return outcome;
    }

    /// <summary>What arrives until nothing has for a while.</summary>
    private static async Task<List<Message>> DrainAsync(IPlatform platform, IMessageSocket socket)
    {
        var received = new List<Message>();
        while (true)
        {
            using var deadline = Deadline.After(platform.Clock, TimeSpan.FromMilliseconds(500), CancellationToken.None);
            try
            {
                received.Add(await socket.ReceiveAsync(deadline.Token));
            }
            catch (OperationCanceledException)
            {
                return received;
            }
        }
    }
}
