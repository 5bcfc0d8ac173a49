namespace SimGraph.Soak.Mutants;

/// <summary>Plants patches in a copy of the checkout, builds each, and explores it.</summary>
internal sealed class DefectTrial(Checkout checkout, Workspace workspace, MutantsOptions options) : IDefectTrial
{
    private readonly DefectExploration _exploration = new(workspace, options);
    private readonly DefectTest _test = new(workspace, options);

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
    public Task<DefectOutcome> TryAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation) =>
        defect.Test is null ? ExploreAsync(defect, onStage, cancellation) : TestAsync(defect, onStage, cancellation);

    private async Task<string?> PlantAsync(PlantedDefect defect, CancellationToken cancellation)
    {
        ChildResult applied = await workspace.ApplyAsync(defect, cancellation);
        return applied.Succeeded ? null : $"the patch does not apply: {applied.Explanation}";
    }

    private async Task<DefectOutcome> TestAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        bool planted = false;
        try
        {
            return await _test.TryAsync(
                defect,
                async () =>
                {
                    string? problem = await PlantAsync(defect, cancellation);
                    planted = problem is null;
                    return problem;
                },
                onStage,
                cancellation);
        }
        finally
        {
            if (planted)
            {
                await workspace.RevertAsync(defect);
            }
        }
    }

    private async Task<DefectOutcome> ExploreAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        onStage("builds");
        if (await PlantAsync(defect, cancellation) is { } problem)
        {
            return DefectOutcome.NotTried(defect, problem);
        }

        try
        {
            ChildResult build = await workspace.BuildAsync(options.Jobs, cancellation);
            if (!build.Succeeded)
            {
                return DefectOutcome.NotTried(defect, $"it does not build: {build.Explanation}");
            }

            DefectOutcome outcome = await _exploration.ExploreAsync(defect, onStage, cancellation);
            if (outcome.Verdict == DefectVerdict.Found && options.ShrinkTime is { } time)
            {
                onStage("shrinks");
                outcome = outcome with { Shrunk = await _exploration.ShrinkAsync(outcome, time, cancellation) };
            }

            return outcome.Verdict == DefectVerdict.Found && options.Edit is { } edit
                ? outcome with { SeedSurvivedEdit = await SurvivesAsync(outcome, edit, onStage, cancellation) }
                : outcome;
        }
        finally
        {
            // Also when interrupted: a copy that is kept is left as it was made.
            await workspace.RevertAsync(defect);
        }
    }

    /// <summary>Whether the seed still shows the defect when something else is edited; null when the edit does not go with it.</summary>
    private async Task<bool?> SurvivesAsync(DefectOutcome found, string edit, Action<string> onStage, CancellationToken cancellation)
    {
        onStage("builds with the edit");
        if (!(await workspace.ApplyAsync(edit, cancellation)).Succeeded)
        {
            return null;
        }

        try
        {
            return (await workspace.BuildAsync(options.Jobs, cancellation)).Succeeded ? await _exploration.ShowsAgainAsync(found, cancellation) : null;
        }
        finally
        {
            await workspace.RevertAsync(edit);
        }
    }
}
