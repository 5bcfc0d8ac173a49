using SimGraph.Properties.Storage;

namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>A toy that forgets to flush.</summary>
internal sealed class ToySubject : IStorageSubject
{
    public string Name => "toy";

    public string Description => "a toy that forgets to flush";

    public WorkloadPlan Draw(Random random, StorageSize size) => new ToyPlan(ToyDefect.NoFlush, 1 + random.Next(3));
}
