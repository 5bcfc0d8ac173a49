using SimGraph.Runtime;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Conformance;

public sealed class SimulatedRandomConformance : RandomConformance
{
    [Fact]
    public void Drawing_from_one_purpose_shifts_no_other()
    {
        byte[] alone = Draw(3, drawnBefore: 0);
        Assert.Equal(alone, Draw(3, drawnBefore: 1));
        Assert.Equal(alone, Draw(3, drawnBefore: 1000));
    }

    [Fact]
    public void The_seed_decides_the_numbers()
    {
        Assert.Equal(Draw(3, drawnBefore: 0), Draw(3, drawnBefore: 0));
        Assert.NotEqual(Draw(3, drawnBefore: 0), Draw(4, drawnBefore: 0));
    }

    protected override void Run(Func<IPlatform, Task> body) => SimulatedPlatforms.Run(body);

    private static byte[] Draw(ulong seed, int drawnBefore)
    {
        byte[] drawn = [];
        SimulatedPlatforms.RunOnce(seed, new MachineOptions(), platform =>
        {
            Random other = platform.Random.Get("conformance.other");
            for (int draw = 0; draw < drawnBefore; draw++)
            {
                other.Next();
            }

            drawn = Bytes(platform.Random.Get("conformance"));
            return Task.CompletedTask;
        });
        return drawn;
    }
}
