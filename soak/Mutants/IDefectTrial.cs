namespace SimGraph.Soak.Mutants;

/// <summary>Tries planted defects, one after the other.</summary>
internal interface IDefectTrial
{
    /// <summary>Makes ready; once, before the first.</summary>
    Task PrepareAsync(Action<string> onStage, CancellationToken cancellation);

    /// <summary>Plants a defect, explores, and takes it out again.</summary>
    Task<DefectOutcome> TryAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation);
}
