// The client against servers that misbehave, in virtual time: how long it may take, and what it may call unknown.

using System.Buffers;
using SimGraph.Replication.Client;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class GraphClientTests
{
    private const int Port = 7000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));

    private enum Behaviour
    {
        NeverAnswersHandshake,
        NeverAnswersWrites,
        RefusesWrites,
        IsNeverLeader,
        ForgetsSessions,
    }

    [Theory]
    [InlineData((int)Behaviour.NeverAnswersWrites)]
    public void A_write_that_was_sent_and_not_answered_is_unknown_when_the_limit_has_passed(int behaviour)
    {
        (Exception? ended, TimeSpan took) = Write((Behaviour)behaviour, static options => options, CancelNever);

        Assert.IsType<OutcomeUnknownException>(ended);
        AssertNear(Limit, took);
    }

    [Theory]
    [InlineData((int)Behaviour.NeverAnswersHandshake)]
    [InlineData((int)Behaviour.IsNeverLeader)]
    [InlineData((int)Behaviour.ForgetsSessions)]
    public void A_write_that_never_reached_a_log_is_a_failure_when_the_limit_has_passed(int behaviour)
    {
        (Exception? ended, TimeSpan took) = Write((Behaviour)behaviour, static options => options, CancelNever);

        Assert.IsType<TimeoutException>(ended);
        AssertNear(Limit, took);
    }

    [Fact]
    public void A_write_that_is_cancelled_after_it_was_sent_is_unknown_at_once()
    {
        (Exception? ended, TimeSpan took) = Write(Behaviour.NeverAnswersWrites, static options => options, TimeSpan.FromSeconds(1));

        Assert.IsType<OutcomeUnknownException>(ended);
        AssertNear(TimeSpan.FromSeconds(1), took);
    }

    [Fact]
    public void A_write_that_is_cancelled_before_it_was_sent_is_cancelled()
    {
        (Exception? ended, TimeSpan took) = Write(Behaviour.IsNeverLeader, static options => options, TimeSpan.FromSeconds(1));

        Assert.IsAssignableFrom<OperationCanceledException>(ended);
        AssertNear(TimeSpan.FromSeconds(1), took);
    }

    [Fact]
    public void A_write_that_the_cluster_refuses_is_a_failure_at_once()
    {
        (Exception? ended, _) = Write(Behaviour.RefusesWrites, static options => options, CancelNever);

        Assert.IsType<RequestRefusedException>(ended);
    }

    [Fact]
    public void Operations_that_wait_for_their_turn_have_the_same_limit_and_a_bound()
    {
        var ended = new List<(Exception? Exception, TimeSpan At)>();

        Run(Behaviour.NeverAnswersWrites, async (client, platform) =>
        {
            Task<Exception?>[] writes = [.. Enumerable.Range(0, 4).Select(_ => EndOfAsync(client, ended, platform))];
            foreach (Task<Exception?> write in writes)
            {
                await write;
            }
        }, static options => options with { OperationsMax = 3 });

        Assert.Equal(4, ended.Count);
        Assert.IsType<RequestRefusedException>(ended[0].Exception);
        Assert.Equal(1, ended.Count(end => end.Exception is OutcomeUnknownException));
        Assert.Equal(2, ended.Count(end => end.Exception is TimeoutException));
        Assert.All(ended, end => Assert.True(end.At <= Limit + TimeSpan.FromMilliseconds(100), $"{end}"));
    }

    private static TimeSpan? CancelNever => null;

    private static void AssertNear(TimeSpan expected, TimeSpan took) =>
        Assert.InRange(took, expected - TimeSpan.FromMilliseconds(50), expected + TimeSpan.FromMilliseconds(50));

    private static async Task<Exception?> EndOfAsync(GraphClient client, List<(Exception? Exception, TimeSpan At)> ended, IPlatform platform)
    {
        TimeSpan begin = platform.Clock.Elapsed();
        Exception? exception = await Record.ExceptionAsync(() => client.WriteAsync(Command, CancellationToken.None));
        ended.Add((exception, platform.Clock.Elapsed() - begin));
        return exception;
    }

    private static (Exception? Ended, TimeSpan Took) Write(Behaviour behaviour, Func<ClientOptions, ClientOptions> configure, TimeSpan? cancelAfter)
    {
        Exception? ended = null;
        TimeSpan took = default;
        Run(behaviour, async (client, platform) =>
        {
            TimeSpan begin = platform.Clock.Elapsed();
            using Deadline? deadline = cancelAfter is { } after ? Deadline.After(platform.Clock, after, CancellationToken.None) : null;
            try
            {
                await client.WriteAsync(Command, deadline?.Token ?? CancellationToken.None);
            }
            catch (Exception exception)
            {
                ended = exception;
            }

            took = platform.Clock.Elapsed() - begin;
        }, configure);
        return (ended, took);
    }

    private static void Run(Behaviour behaviour, Func<GraphClient, IPlatform, Task> use, Func<ClientOptions, ClientOptions> configure)
    {
        RunResult result = Worlds.Run(1, async (world, harness) =>
        {
            Machine server = world.AddMachine("server", new MachineOptions());
            server.Boot((platform, stop) => ServeAsync(platform, behaviour, stop));
            Machine machine = world.AddMachine("client", new MachineOptions());
            Incarnation process = machine.Boot(async (platform, _) =>
            {
                var options = new ClientOptions { Addresses = [new NetworkAddress("server", Port)], OperationLimit = Limit };
                var client = new GraphClient(platform, configure(options));
                await use(client, platform);
                await client.StopAsync();
            });
            await process.Exited;
            await server.StopAsync(Worlds.StopLimit);
        });
        Assert.Null(result.Violation);
    }

    private static async Task ServeAsync(IPlatform platform, Behaviour behaviour, CancellationToken stop)
    {
        await using IListener listener = await platform.Network.ListenAsync(new NetworkAddress("server", Port), stop);
        try
        {
            while (true)
            {
                // One client that dials again when it has given up: one connection at a time.
                await using IConnection connection = await listener.AcceptAsync(stop);
                try
                {
                    await ConverseAsync(connection, behaviour, stop);
                }
                catch (NetworkException)
                {
                    // It hung up.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private static async Task ConverseAsync(IConnection connection, Behaviour behaviour, CancellationToken stop)
    {
        var reader = new FrameReader(connection, FrameFormat.DefaultPayloadMax);
        var writer = new FrameWriter();
        while (await reader.FillAsync(stop))
        {
            while (reader.TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload))
            {
                writer.Clear();
                if (kind == FrameKind.HandshakeRequest)
                {
                    if (behaviour != Behaviour.NeverAnswersHandshake)
                    {
                        writer.Write(new HandshakeReply(HandshakeRequest.CurrentVersion, 1, HandshakeVerdict.Accepted, string.Empty));
                    }
                }
                else if (Answer(ClientRequest.Decode(payload.Span), behaviour) is { } response)
                {
                    writer.Write(response);
                }

                if (writer.Length > 0)
                {
                    await connection.WriteAsync(writer.Written, stop);
                }
            }
        }
    }

    private static ClientResponse? Answer(ClientRequest request, Behaviour behaviour)
    {
        if (behaviour == Behaviour.IsNeverLeader)
        {
            return new ClientResponse(request.Id, ResponseStatus.NotLeader, LeaderHint.Encode(null));
        }

        if (ClientCommand.Decode(request.Body).Kind == ClientCommandKind.OpenSession)
        {
            return new ClientResponse(request.Id, ResponseStatus.Done, Encoded(ClientResult.SessionOpened(5)));
        }

        return behaviour switch
        {
            Behaviour.RefusesWrites => new ClientResponse(request.Id, ResponseStatus.Invalid, "no"u8.ToArray()),
            Behaviour.ForgetsSessions => new ClientResponse(request.Id, ResponseStatus.Done, Encoded(ClientResult.SessionExpired)),
            _ => null,
        };
    }

    private static byte[] Encoded(ClientResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        result.Encode(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
