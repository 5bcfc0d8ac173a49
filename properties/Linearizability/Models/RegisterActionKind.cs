namespace SimGraph.Properties.Linearizability.Models;

/// <summary>What can be done to a register.</summary>
internal enum RegisterActionKind
{
    /// <summary>Reads the value.</summary>
    Read,

    /// <summary>Writes a value.</summary>
    Write,

    /// <summary>Writes a value if another one is there.</summary>
    CompareAndSet,
}
