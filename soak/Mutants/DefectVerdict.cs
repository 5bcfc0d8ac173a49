namespace SimGraph.Soak.Mutants;

/// <summary>What became of a planted defect.</summary>
internal enum DefectVerdict
{
    /// <summary>A run showed it, and the unchanged system passes that run.</summary>
    Found,

    /// <summary>No run showed it in the time that there was.</summary>
    Survived,

    /// <summary>No run can show it: a test does, which is not part of this.</summary>
    LeftToTest,

    /// <summary>It could not be tried, or what the run showed proves nothing.</summary>
    NotTried,
}
