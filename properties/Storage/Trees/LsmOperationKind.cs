namespace SimGraph.Properties.Storage.Trees;

/// <summary>What an operation of a tree's workload does.</summary>
internal enum LsmOperationKind
{
    /// <summary>Applies a batch.</summary>
    Apply,

    /// <summary>Flushes what was applied.</summary>
    Flush,

    /// <summary>Compacts everything, or a range.</summary>
    Compact,

    /// <summary>Puts other content in the place of everything.</summary>
    Replace,

    /// <summary>Makes room for a batch before it is applied.</summary>
    MakeRoom,

    /// <summary>Waits until more than before is durable.</summary>
    WaitForDurable,

    /// <summary>Reads every key.</summary>
    Get,

    /// <summary>Reads all, first to last.</summary>
    Scan,

    /// <summary>Reads all, last to first.</summary>
    ScanBack,

    /// <summary>Takes a snapshot and keeps it.</summary>
    TakeSnapshot,

    /// <summary>Compares the oldest snapshot with what the tree held then, and lets it go.</summary>
    CheckSnapshot,

    /// <summary>Opens a cursor, moves it a little, and keeps it.</summary>
    OpenCursor,

    /// <summary>Moves the oldest cursor to its end.</summary>
    CheckCursor,

    /// <summary>Lets time go by.</summary>
    Wait,

    /// <summary>Reads all tables.</summary>
    Verify,
}
