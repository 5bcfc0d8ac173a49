using Microsoft.Coyote.Runtime;
using Xunit;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>Machines on one clock and one network. Make it inside the scenario.</summary>
internal sealed class FineLaneSite(int pausesPerTimer = 30)
{
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(10);
    private readonly FineLaneClock _clock = new();
    private readonly FineLaneNetwork _network = new();
    private readonly FineLaneSockets _sockets = new();
    private readonly List<FineLanePlatform> _machines = [];

    /// <summary>A machine of it.</summary>
    internal FineLanePlatform AddMachine(string name)
    {
        var machine = new FineLanePlatform(name, _clock, _network, _sockets);
        _machines.Add(machine);
        return machine;
    }

    /// <summary>Resets every connection, as a switch that loses power does.</summary>
    internal void ResetConnections() => _network.ResetAll();

    /// <summary>Lets timers fire, one after the other, until something is so.</summary>
    internal async Task DriveTimeAsync(int timersMax, Func<bool> until)
    {
        for (int timer = 0; timer < timersMax && !until(); timer++)
        {
            _clock.FireNext(Horizon);
            await Task.Yield();

            // Faster, time would leave the work no chance: every election would be overtaken by the next.
            for (int pause = 0; pause < pausesPerTimer && !until(); pause++)
            {
                SchedulingPoint.Yield();
            }
        }
    }

    /// <summary>Nothing of any component is open or waits for anything.</summary>
    internal void AssertNothingLeft()
    {
        Assert.Equal(0, _network.OpenListeners);
        Assert.Equal(0, _network.OpenConnections);
        Assert.Equal(0, _sockets.OpenSockets);
        Assert.Equal(0, _clock.PendingTimers);
        Assert.All(_machines, machine => Assert.Equal(0, machine.Files.OpenFiles));
    }
}
