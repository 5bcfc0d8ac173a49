namespace SimGraph.Storage.Lsm.Tables;

/// <summary>What a table knows of a key.</summary>
/// <param name="Found">False: the table has no version of the key that is old enough.</param>
/// <param name="Kind">Put or delete.</param>
/// <param name="Sequence">Sequence number of the version.</param>
/// <param name="Value">Value of a put: a slice of an immutable block, valid for ever.</param>
internal readonly record struct TableLookup(bool Found, EntryKind Kind, ulong Sequence, ReadOnlyMemory<byte> Value);
