namespace SimGraph.Storage.Lsm;

/// <summary>What a version says about its key. The values are part of the file formats.</summary>
internal enum EntryKind : byte
{
    /// <summary>The key does not exist from this version on; hides older versions.</summary>
    Delete = 0,

    /// <summary>The key has this version's value.</summary>
    Put = 1,
}
