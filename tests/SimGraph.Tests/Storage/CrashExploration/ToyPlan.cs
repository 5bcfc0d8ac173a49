using SimGraph.Properties.Storage;

namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>What is done with a toy store.</summary>
internal sealed record ToyPlan(ToyDefect Defect, int Puts) : WorkloadPlan
{
    public override int Amount => Puts;

    public override WorkloadPlan WithoutOperations() => this with { Puts = 0 };

    public override IStorageWorkload Create() => new ToyWorkload(Defect, Puts);

    public override string ToString() => $"toy with {Defect}, {Puts} numbers";
}
