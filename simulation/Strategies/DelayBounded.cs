// Delay-bounded scheduling: Emmi, Qadeer, Rakamaric, "Delay-Bounded Scheduling", POPL 2011. Below it is a deterministic scheduler: a task runs until it waits, then comes
// the next ready one in the order of creation, around and around. A delay passes the task over that would run. With d delays drawn over k steps it visits schedules
// near the deterministic one; without delays it is that one.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>A deterministic scheduler with a few delays.</summary>
public sealed class DelayBounded : ScheduleStrategy
{
    private readonly long[] _delays;
    private int _current;

    /// <param name="below">Answers all other choices.</param>
    /// <param name="delays">How many delays.</param>
    /// <param name="stepsExpected">The number of steps over which they are drawn; 0 draws none.</param>
    public DelayBounded(IChoiceSource below, int delays, long stepsExpected)
        : base(below, "delay-bounded") => _delays = StepsDrawn.Draw(Draw, delays, stepsExpected);

    /// <summary>Steps, counted from 0, at which the task that would run is passed over. Equal ones pass over several.</summary>
    public IReadOnlyList<long> Delays => _delays;

    /// <inheritdoc/>
    protected override int PickAt(long step, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        int next = FirstFrom(_current, ready);
        foreach (long delay in _delays)
        {
            if (delay == step)
            {
                next = FirstFrom(ready.TaskAt(next) + 1, ready);
            }
        }

        _current = ready.TaskAt(next);
        return next;
    }

    /// <summary>The oldest continuation of the first ready task from a number on, around the end.</summary>
    private static int FirstFrom(int task, ReadyList ready)
    {
        int least = 0;
        int after = -1;
        for (int i = 0; i < ready.Count; i++)
        {
            int other = ready.TaskAt(i);
            least = other < ready.TaskAt(least) ? i : least;
            if (other >= task && (after < 0 || other < ready.TaskAt(after)))
            {
                after = i;
            }
        }

        return after >= 0 ? after : least;
    }
}
