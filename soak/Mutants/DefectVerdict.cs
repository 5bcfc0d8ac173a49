namespace SimGraph.Soak.Mutants;

/// <summary>What became of a planted defect.</summary>
internal enum DefectVerdict
{
    /// <summary>A run showed it, and the unchanged system passes that run.</summary>
    Found,

    /// <summary>No run can show it. Its test fails, and passes on the unchanged system.</summary>
    FoundByTest,

    /// <summary>No run showed it in the time that there was, or its test passes.</summary>
    Survived,

    /// <summary>It could not be tried, or what the run showed proves nothing.</summary>
    NotTried,
}
