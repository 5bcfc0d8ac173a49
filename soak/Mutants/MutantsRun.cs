using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Mutants;

/// <summary>Tries defects in their order and keeps what became of each. Also when it is interrupted, or the trial itself fails, what was done until then is reported.</summary>
internal sealed class MutantsRun(IReadOnlyList<PlantedDefect> defects, IDefectTrial trial, Terminal terminal)
{
    private readonly List<DefectOutcome> _outcomes = [];

    /// <summary>Tries all of them, reports, and returns the exit code.</summary>
    public async Task<int> RunAsync(Action<MutantsResult> report)
    {
        bool begun = false;
        try
        {
            await MutantsProgress.WatchAsync(terminal, async progress =>
            {
                await trial.PrepareAsync(progress.Stage, terminal.Interrupted);
                begun = true;
                await TryAllAsync(progress);
            });
        }
        catch (OperationCanceledException) when (terminal.Interrupted.IsCancellationRequested)
        {
            begun = true;
        }
        finally
        {
            if (begun)
            {
                report(Result);
            }
        }

        return Result.ExitCode;
    }

    private MutantsResult Result => new([.. _outcomes], Interrupted: _outcomes.Count < defects.Count && terminal.Interrupted.IsCancellationRequested);

    private async Task TryAllAsync(MutantsProgress progress)
    {
        foreach (PlantedDefect defect in defects)
        {
            terminal.Interrupted.ThrowIfCancellationRequested();
            string place = $"{_outcomes.Count + 1} of {defects.Count}, {defect.Patch}";
            DefectOutcome outcome = await trial.TryAsync(defect, stage => progress.Stage($"{place}: {stage}"), terminal.Interrupted);
            _outcomes.Add(outcome);
            progress.Done(outcome);
        }
    }
}
