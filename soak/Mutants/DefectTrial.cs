namespace SimGraph.Soak.Mutants;

/// <summary>Plants patches in a copy of the checkout, builds each, and explores it.</summary>
internal sealed class DefectTrial(Checkout checkout, Workspace workspace, MutantsOptions options) : IDefectTrial
{
    private readonly DefectExploration _exploration = new(workspace, options);

    /// <inheritdoc/>
    public async Task PrepareAsync(Action<string> onStage, CancellationToken cancellation)
    {
        onStage("copies the checkout");
        await workspace.CopyAsync(checkout, cancellation);
        await workspace.CheckSdkAsync(cancellation);
        onStage("builds the unchanged system");
        ChildResult build = await workspace.BuildAsync(options.Jobs, cancellation);
        if (!build.Succeeded)
        {
            throw new UsageException($"the unchanged system does not build: {build.Explanation}");
        }

        workspace.KeepUnchanged();
    }

    /// <inheritdoc/>
    public async Task<DefectOutcome> TryAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        onStage("builds");
        ChildResult applied = await workspace.ApplyAsync(defect, cancellation);
        if (!applied.Succeeded)
        {
            return DefectOutcome.NotTried(defect, $"the patch does not apply: {applied.Explanation}");
        }

        try
        {
            ChildResult build = await workspace.BuildAsync(options.Jobs, cancellation);
            return build.Succeeded ? await _exploration.ExploreAsync(defect, onStage, cancellation) : DefectOutcome.NotTried(defect, $"it does not build: {build.Explanation}");
        }
        finally
        {
            // Also when interrupted: a copy that is kept is left as it was made.
            await workspace.RevertAsync(defect);
        }
    }
}
