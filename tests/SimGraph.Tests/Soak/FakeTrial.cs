using SimGraph.Soak.Mutants;

namespace SimGraph.Tests.Soak;

/// <summary>Knows what becomes of each defect beforehand.</summary>
internal sealed class FakeTrial(params DefectOutcome[] outcomes) : IDefectTrial
{
    private bool _prepared;

    public IEnumerable<PlantedDefect> Defects => outcomes.Select(outcome => outcome.Defect);

    public Action? AfterFirst { get; init; }

    public Task PrepareAsync(Action<string> onStage, CancellationToken cancellation)
    {
        _prepared = true;
        return Task.CompletedTask;
    }

    public Task<DefectOutcome> TryAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        if (!_prepared)
        {
            throw new InvalidOperationException("not prepared");
        }

        onStage("explores");
        AfterFirst?.Invoke();
        return Task.FromResult(outcomes.Single(outcome => outcome.Defect == defect));
    }
}
