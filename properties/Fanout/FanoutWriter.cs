using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Forwarding;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Fanout;

/// <summary>Increments its counter over and over, by TCP as any client or by forwarding over ZeroMQ.</summary>
internal sealed class FanoutWriter(World world, Machine machine, FanoutPlan plan, ClientOptions? client, ForwardingOptions? forwarding, WriterHistory history)
{
    private static readonly TimeSpan OperationLimit = TimeSpan.FromSeconds(10);

    public Machine Machine => machine;

    public WriterHistory History => history;

    public void Boot() => machine.Boot(RunAsync);

    private async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        GraphClient? direct = client is null ? null : new GraphClient(platform, client);
        ForwardingClient? forwarder = forwarding is null ? null : new ForwardingClient(platform, forwarding);
        Func<GraphCommand, CancellationToken, Task<GraphOutcome>> write = direct is not null ? direct.WriteAsync : forwarder!.WriteAsync;
        try
        {
            await SetUpAsync(platform, write, stop);
            Random random = platform.Random.Get("workload");
            while (true)
            {
                await platform.Clock.DelayAsync(plan.ThinkTimeMax * random.NextDouble(), stop);
                history.Sent();
                GraphCommand command = new(new IncrementNodeProperty(history.Node!.Value, WriterHistory.Key, 1));
                (GraphOutcome? outcome, bool notApplied) = await TryAsync(platform, write, command, stop);
                if (outcome is not null)
                {
                    history.Incremented(outcome.Results[0].Value);
                }
                else if (notApplied)
                {
                    history.NotApplied();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the workload.
        }

        if (direct is not null)
        {
            await direct.StopAsync();
        }

        if (forwarder is not null)
        {
            await HostedPrograms.StopAsync(forwarder.StopAsync, platform.Random.Get("program.stop"));
        }
    }

    private async Task SetUpAsync(IPlatform platform, Func<GraphCommand, CancellationToken, Task<GraphOutcome>> write, CancellationToken stop)
    {
        while (history.Node is null)
        {
            stop.ThrowIfCancellationRequested();
            (GraphOutcome? created, _) = await TryAsync(
                platform, write, new GraphCommand(new CreateNode(LabelSet.Of("counter"), PropertyMap.Empty)), stop);
            history.Node = created?.Results[0].Element;
        }
    }

    private async Task<(GraphOutcome? Outcome, bool NotApplied)> TryAsync(
        IPlatform platform, Func<GraphCommand, CancellationToken, Task<GraphOutcome>> write, GraphCommand command, CancellationToken stop)
    {
        string kind = client is null ? "forwards" : "writes";
        try
        {
            using var deadline = Deadline.After(platform.Clock, OperationLimit, stop);
            GraphOutcome outcome = await write(command, deadline.Token);
            world.Count($"fanout.{kind}");
            if (!outcome.IsApplied)
            {
                world.Fail(ViolationClass.Safety, "fanout.unexpected-error", $"{machine.Name}: '{command}' ended with {outcome}");
            }

            return (outcome, false);
        }
        catch (OutcomeUnknownException)
        {
            world.Count($"fanout.{kind}-unknown");
            return (null, false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            world.Count($"fanout.{kind}-not-applied");
            return (null, true);
        }
    }
}
