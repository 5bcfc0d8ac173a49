using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>A token that follows two others, until it is let go.</summary>
internal sealed class LinkTrial(World world, Machine machine, IPlatform platform) : PrimitiveTrial(world, machine, platform, "link")
{
    /// <inheritdoc/>
    public override Task RunAsync()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        bool expected = false;
        if (Percent(20))
        {
            first.Cancel();
            expected = true;
        }

        using var link = new LinkedCancellation(first.Token, second.Token);
        CancellationToken token = link.Token;
        Check(token.IsCancellationRequested == expected, "a link to a cancelled token is cancelled");
        bool released = false;
        for (int left = 1 + Draw(3); left > 0; left--)
        {
            switch (Draw(3))
            {
                case 0:
                    first.Cancel();
                    expected |= !released;
                    break;
                case 1:
                    second.Cancel();
                    expected |= !released;
                    break;
                default:
                    link.Dispose();
                    released = true;
                    break;
            }

            Check(token.IsCancellationRequested == expected, $"the link is {(expected ? "not " : string.Empty)}cancelled");
        }

        return Task.CompletedTask;
    }
}
