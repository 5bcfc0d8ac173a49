using FsCheck;
using FsCheck.Fluent;
using SimGraph.Properties.Storage;
using SimGraph.Properties.Storage.Wal;
using SimGraph.Simulation.Choices;

namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>Makes up plans for a log, and makes them smaller: fewer operations first, then simpler ones, then plainer options.</summary>
internal static class WalPlans
{
    public static Arbitrary<WalPlan> Of(StorageSize size) => Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(seed => Draw((ulong)seed, size)), Shrink);

    public static WalPlan Draw(ulong seed, StorageSize size) => WalPlan.Draw(new PlanRandom(new PlanChoices(new SeededChoices(seed)), "plan"), size);

    public static IEnumerable<WalPlan> Shrink(WalPlan plan)
    {
        int count = plan.Operations.Count;
        for (int taken = count / 2; taken > 0; taken /= 2)
        {
            for (int from = 0; from + taken <= count; from += taken)
            {
                yield return plan with { Operations = [.. plan.Operations.Take(from), .. plan.Operations.Skip(from + taken)] };
            }
        }

        if (count == 1)
        {
            yield return plan with { Operations = [] };
        }

        for (int i = 0; i < count; i++)
        {
            foreach (WalOperation simpler in Simpler(plan.Operations[i]))
            {
                yield return plan with { Operations = [.. plan.Operations.Take(i), simpler, .. plan.Operations.Skip(i + 1)] };
            }
        }

        if (plan.StopsBusy)
        {
            yield return plan with { StopsBusy = false };
        }

        if (plan.QueueLength != 64)
        {
            yield return plan with { QueueLength = 64 };
        }

        if (plan.Preallocated != 0)
        {
            yield return plan with { Preallocated = 0 };
        }

        if (plan.CompressedFrom != 0)
        {
            yield return plan with { CompressedFrom = 0 };
        }

        if (plan.SegmentBytes != 20_000)
        {
            yield return plan with { SegmentBytes = 20_000 };
        }
    }

    private static IEnumerable<WalOperation> Simpler(WalOperation operation)
    {
        if (operation.Kind != WalOperationKind.Append)
        {
            yield return operation with { Kind = WalOperationKind.Append };
        }

        if (operation.Count > 1)
        {
            yield return operation with { Count = 1 };
        }

        if (operation.Size > 0)
        {
            yield return operation with { Size = operation.Size / 2 };
        }

        if (operation.Distance > 0)
        {
            yield return operation with { Distance = operation.Distance - 1 };
        }
    }
}
