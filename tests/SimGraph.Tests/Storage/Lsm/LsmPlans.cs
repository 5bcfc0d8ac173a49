using FsCheck;
using FsCheck.Fluent;
using SimGraph.Properties.Storage;
using SimGraph.Properties.Storage.Trees;
using SimGraph.Simulation.Choices;
using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>Makes up plans for a tree, and makes them smaller: fewer operations first, then fewer and simpler changes, then plainer options.</summary>
internal static class LsmPlans
{
    private static readonly LsmOptions Plain = new() { LevelCount = 4 };

    public static Arbitrary<LsmPlan> Of(StorageSize size) => Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(seed => Draw((ulong)seed, size)), Shrink);

    public static LsmPlan Draw(ulong seed, StorageSize size) => LsmPlan.Draw(new PlanRandom(new PlanChoices(new SeededChoices(seed)), "plan"), size);

    public static IEnumerable<LsmPlan> Shrink(LsmPlan plan)
    {
        foreach (IReadOnlyList<LsmOperation> fewer in Fewer(plan.Operations))
        {
            yield return plan with { Operations = fewer };
        }

        for (int i = 0; i < plan.Operations.Count; i++)
        {
            foreach (LsmOperation simpler in Simpler(plan.Operations[i]))
            {
                yield return plan with { Operations = [.. plan.Operations.Take(i), simpler, .. plan.Operations.Skip(i + 1)] };
            }
        }

        if (plan.StopsBusy)
        {
            yield return plan with { StopsBusy = false };
        }

        foreach (LsmOptions plainer in Plainer(plan.Options))
        {
            yield return plan with { Options = plainer };
        }
    }

    private static IEnumerable<IReadOnlyList<T>> Fewer<T>(IReadOnlyList<T> list)
    {
        for (int taken = list.Count; taken > 0; taken /= 2)
        {
            for (int from = 0; from + taken <= list.Count; from += taken)
            {
                yield return [.. list.Take(from), .. list.Skip(from + taken)];
            }
        }
    }

    private static IEnumerable<LsmOperation> Simpler(LsmOperation operation)
    {
        if (operation.Kind != LsmOperationKind.Apply && operation.Changes.Count > 0)
        {
            yield return operation with { Kind = LsmOperationKind.Apply };
        }

        foreach (IReadOnlyList<PlannedChange> fewer in Fewer(operation.Changes).Where(changes => changes.Count > 0))
        {
            yield return operation with { Changes = fewer };
        }

        for (int i = 0; i < operation.Changes.Count; i++)
        {
            PlannedChange change = operation.Changes[i];
            PlannedChange[] simpler =
            [
                .. change.Kind is PlannedChangeKind.DeleteRange or PlannedChangeKind.DeletePrefix ? [change with { Kind = PlannedChangeKind.Delete, End = 0 }] : (PlannedChange[])[],
                .. change.Size > 0 ? [change with { Size = change.Size / 2 }] : (PlannedChange[])[],
                .. change.Key > 0 ? [change with { Key = change.Key / 2 }] : (PlannedChange[])[],
            ];
            foreach (PlannedChange one in simpler)
            {
                yield return operation with { Changes = [.. operation.Changes.Take(i), one, .. operation.Changes.Skip(i + 1)] };
            }
        }

        if (operation.Amount > 0)
        {
            yield return operation with { Amount = operation.Amount / 2 };
        }
    }

    private static IEnumerable<LsmOptions> Plainer(LsmOptions options)
    {
        LsmOptions[] plainer =
        [
            Plain,
            options with { MemtableBytes = Plain.MemtableBytes },
            options with { TableBytes = Plain.TableBytes, LevelOneBytes = Plain.LevelOneBytes },
            options with { BlockBytes = Plain.BlockBytes, Compress = false, BloomBitsPerKey = 10 },
            options with { TablesOpenMax = Plain.TablesOpenMax, BlockCacheBytes = Plain.BlockCacheBytes },
            options with { ManifestBytesMax = Plain.ManifestBytesMax },
        ];
        return plainer.Where(candidate => candidate != options);
    }
}
