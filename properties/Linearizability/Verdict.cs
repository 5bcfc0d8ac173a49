namespace SimGraph.Properties.Linearizability;

/// <summary>What is known of a history.</summary>
public enum Verdict
{
    /// <summary>There is an order of the operations, within real time, that explains every answer.</summary>
    Linearizable,

    /// <summary>There is none.</summary>
    NotLinearizable,

    /// <summary>A limit was reached before either was known.</summary>
    Unknown,
}
