using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>What a writer goes on with.</summary>
/// <param name="Folder">The files.</param>
/// <param name="Next">Number of the next line.</param>
/// <param name="Previous">Hash of the line before it.</param>
/// <param name="Active">The file to append to; null if the next line begins a new one.</param>
/// <param name="BytesCut">Length of the torn tail that was cut.</param>
internal sealed record RecoveredAudit(AuditFolder Folder, ulong Next, string Previous, ActiveAuditFile? Active, long BytesCut)
{
    /// <summary>Files of the chain.</summary>
    public int Files { get; } = Folder.List().Length;
}
