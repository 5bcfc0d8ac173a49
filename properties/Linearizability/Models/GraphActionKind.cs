namespace SimGraph.Properties.Linearizability.Models;

/// <summary>What can be done to a graph, in a history. The words are those of the line format (docs/histories.md).</summary>
internal enum GraphActionKind
{
    /// <summary>Sets a number property.</summary>
    Set,

    /// <summary>Adds to a number property; the answer is the sum.</summary>
    Add,

    /// <summary>Reads a number property; 0 if it was never set.</summary>
    Get,

    /// <summary>Creates a node, and a link to it if an owner is named.</summary>
    Create,

    /// <summary>Deletes a node and all links from and to it.</summary>
    Delete,

    /// <summary>Links a node to another; nothing happens if it is linked.</summary>
    Link,

    /// <summary>Deletes a link.</summary>
    Unlink,

    /// <summary>Reads all nodes that a node is linked to.</summary>
    Neighbours,
}
