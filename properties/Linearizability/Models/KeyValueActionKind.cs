namespace SimGraph.Properties.Linearizability.Models;

/// <summary>What can be done to a key.</summary>
internal enum KeyValueActionKind
{
    /// <summary>Reads the text of a key; empty if there is none.</summary>
    Get,

    /// <summary>Replaces the text.</summary>
    Put,

    /// <summary>Adds to the end of the text.</summary>
    Append,
}
