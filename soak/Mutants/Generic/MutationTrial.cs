namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Makes mistakes in a copy of this program, without a build, and explores each.</summary>
internal sealed class MutationTrial(IReadOnlyList<Mutation> mutations, Workspace workspace, MutantsOptions options) : IDefectTrial
{
    private readonly Dictionary<string, Mutation> _mutations = mutations.ToDictionary(mutation => mutation.Id, StringComparer.Ordinal);
    private readonly DefectExploration _exploration = new(workspace, options);

    /// <inheritdoc/>
    public Task PrepareAsync(Action<string> onStage, CancellationToken cancellation)
    {
        onStage("copies the program");
        workspace.TakeProgram(AppContext.BaseDirectory);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<DefectOutcome> TryAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        Mutation mutation = _mutations[defect.Patch];
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
