namespace SimGraph.Properties.Linearizability.Models;

/// <summary>How a request ended, as its client knows it. One that certainly did not happen is no operation at all.</summary>
internal enum Outcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Answered: it could not be done in the state that was there, and changed nothing.</summary>
    Refused,

    /// <summary>No answer: it may have been done, may be done later, or never.</summary>
    Unknown,
}
