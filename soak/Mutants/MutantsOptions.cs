namespace SimGraph.Soak.Mutants;

/// <param name="Time">How long a defect is explored.</param>
/// <param name="Jobs">Runs at a time.</param>
/// <param name="KeepFolder">Where the copy of the checkout is made and stays; null for one that goes.</param>
/// <param name="Edit">A patch that has nothing to do with any defect: does the seed that showed one still show it with the patch on top? Null for no such question.</param>
/// <param name="ShrinkTime">For how long what was found is shrunk; null for not at all.</param>
internal sealed record MutantsOptions(TimeSpan Time, int Jobs, string? KeepFolder, string? Edit = null, TimeSpan? ShrinkTime = null);
