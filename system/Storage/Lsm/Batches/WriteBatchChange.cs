namespace SimGraph.Storage.Lsm;

/// <summary>One change of a <see cref="WriteBatch"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its new value; empty for a delete.</param>
/// <param name="IsDelete">True if the key is deleted.</param>
public readonly record struct WriteBatchChange(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, bool IsDelete);
