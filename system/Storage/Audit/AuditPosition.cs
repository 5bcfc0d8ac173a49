namespace SimGraph.Storage.Audit;

/// <summary>
/// What an append returns. The hash covers the event and everything before it: kept elsewhere, it proves later that neither was changed or cut off.
/// </summary>
/// <param name="Sequence">Number of the line, from 1.</param>
/// <param name="Hash">Hash of the line, 64 lower-case hexadecimal digits.</param>
public readonly record struct AuditPosition(ulong Sequence, string Hash);
