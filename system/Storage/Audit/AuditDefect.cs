namespace SimGraph.Storage.Audit;

/// <summary>The first bad line of a log.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">Number of the line in that file (decompressed), from 1.</param>
/// <param name="Sequence">Sequence number that was expected there.</param>
/// <param name="Offset">Where the line begins in the file (decompressed).</param>
/// <param name="Reason">What is wrong.</param>
public sealed record AuditDefect(string File, long Line, ulong Sequence, long Offset, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}, line {Line} (event {Sequence}, offset {Offset}): {Reason}";
}
