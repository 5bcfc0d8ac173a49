// What power loss may leave of one moment, as a sequence: the extreme patterns first (killed process, everything kept, everything lost), then every subset
// of what was not durable (each write and length kept or lost, each folder's changes up to any point, each call in flight done or not), then patterns drawn
// freely from all that the disk model can do (torn writes, hollow growth, parts of calls). When there are more subsets than wanted, a drawn
// sample of them stands for all.

using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Disk;

/// <summary>Enumerates survivors of a moment. The same arguments give the same sequence.</summary>
/// <param name="snapshot">The moment.</param>
/// <param name="subsetsMax">How many subsets at most.</param>
/// <param name="chosenMax">How many freely drawn patterns.</param>
/// <param name="seed">Where samples are drawn from.</param>
public sealed class SurvivalPatterns(DiskSnapshot snapshot, int subsetsMax, int chosenMax, ulong seed)
{
    private const uint EachAlone = 3;

    /// <summary>The survivors, each made when it is asked for.</summary>
    public IEnumerable<Survivor> All()
    {
        if (snapshot.Pending > 0 || snapshot.Image.HasForgotten)
        {
            yield return Make("killed", losesPower: false, static (_, _) => 0);
        }

        if (snapshot.Pending == 0)
        {
            yield return Make("at rest", losesPower: true, static (_, _) => 0);
            yield break;
        }

        yield return Make("killed, calls in flight done", losesPower: false, static (_, bound) => bound - 1);
        yield return Make("all kept", losesPower: true, static (what, bound) => what.StartsWith("disk.orphan", StringComparison.Ordinal) ? bound - 1 : 0);
        yield return Make("all lost", losesPower: true, LoseAll);
        foreach (Survivor survivor in Subsets())
        {
            yield return survivor;
        }

        for (int number = 0; number < chosenMax; number++)
        {
            yield return Choose(number);
        }
    }

    /// <summary>Only what a power loss does at its worst: everything lost, and the freely drawn survivors.</summary>
    public IEnumerable<Survivor> Worst()
    {
        yield return Make(snapshot.Pending == 0 ? "at rest" : "all lost", losesPower: true, LoseAll);
        for (int number = 0; number < chosenMax && snapshot.Pending > 0; number++)
        {
            yield return Choose(number);
        }
    }

    private static uint LoseAll(string what, uint bound) => what switch
    {
        "disk.loss.file" or "disk.loss.length" => 1,
        "disk.loss.names" => bound - 1,
        _ => 0,
    };

    private static uint Draw(ulong key, ulong ordinal, uint bound) => (uint)(((StableHash.Combine(key, ordinal) >> 32) * bound) >> 32);

    private IEnumerable<Survivor> Subsets()
    {
        if (subsetsMax == 0)
        {
            yield break;
        }

        var odometer = new ChoiceOdometer();
        Survivor first = Make("subset 0", losesPower: true, (what, bound) => Restrict(what, bound, odometer.Next));
        if (odometer.Combinations <= (ulong)subsetsMax)
        {
            yield return first;
            for (int number = 1; number < subsetsMax && odometer.Advance(); number++)
            {
                yield return Make($"subset {number}", losesPower: true, (what, bound) => Restrict(what, bound, odometer.Next));
            }

            yield break;
        }

        for (int number = 0; number < subsetsMax; number++)
        {
            ulong key = StableHash.Combine(~seed, (ulong)number);
            ulong ordinal = 0;
            yield return Make($"sampled subset {number}", losesPower: true, (what, bound) => Restrict(what, bound, radix => Draw(key, ordinal++, radix)));
        }
    }

    private Survivor Choose(int number)
    {
        ulong key = StableHash.Combine(seed, (ulong)number);
        ulong ordinal = 0;
        return Make($"chosen {number}", losesPower: true, (_, bound) => Draw(key, ordinal++, bound));
    }

    // Whole changes only, each kept or lost.
    private static uint Restrict(string what, uint bound, Func<uint, uint> digit) => what switch
    {
        "disk.loss.file" => EachAlone,
        "disk.loss.names" => digit(bound),
        "disk.loss.write" or "disk.loss.length" => digit(2),
        _ when what.StartsWith("disk.orphan", StringComparison.Ordinal) => digit(2) * (bound - 1),
        _ => 0,
    };

    private Survivor Make(string pattern, bool losesPower, DiskChooser choose)
    {
        var decisions = new List<SurvivalDecision>();
        DiskSnapshot disk = snapshot.After(losesPower, (what, bound) =>
        {
            uint value = choose(what, bound);
            decisions.Add(new SurvivalDecision(what, value, bound));
            return value;
        });
        return new Survivor(pattern, losesPower, decisions, disk);
    }
}
