namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Makes mistakes in a copy of this program, without a build, and explores each. What no run shows goes to the unit tests, if there are any.</summary>
internal sealed class MutationTrial(IReadOnlyList<Mutation> mutations, Workspace workspace, UnitTests? tests, MutantsOptions options) : IDefectTrial
{
    private readonly Dictionary<string, Mutation> _mutations = mutations.ToDictionary(mutation => mutation.Id, StringComparer.Ordinal);
    private readonly DefectExploration _exploration = new(workspace, options);

    /// <inheritdoc/>
    public async Task PrepareAsync(Action<string> onStage, CancellationToken cancellation)
    {
        if (tests is not null)
        {
            await tests.PrepareAsync(onStage, cancellation);
        }

        onStage("copies the program");
        workspace.TakeProgram(AppContext.BaseDirectory);
    }

    /// <inheritdoc/>
    public async Task<DefectOutcome> TryAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        Mutation mutation = _mutations[defect.Patch];
        DefectOutcome outcome = await ExploreAsync(defect, mutation, onStage, cancellation);
        return outcome.Verdict == DefectVerdict.Survived && tests is not null && await tests.FindAsync(mutation, onStage, cancellation) is { } test
            ? outcome with { Defect = defect with { Test = test }, Verdict = DefectVerdict.FoundByTest }
            : outcome;
    }

    private async Task<DefectOutcome> ExploreAsync(PlantedDefect defect, Mutation mutation, Action<string> onStage, CancellationToken cancellation)
    {
        string file = $"{mutation.Area.Assembly}.dll";
        new MutationCatalogue(workspace.Unchanged).Write(mutation, workspace.Built);
        try
        {
            return await _exploration.ExploreAsync(defect, onStage, cancellation);
        }
        finally
        {
            File.Copy(Path.Combine(workspace.Unchanged, file), Path.Combine(workspace.Built, file), overwrite: true);
        }
    }
}
