namespace SimGraph.Storage.Lsm;

/// <summary>What a key has.</summary>
/// <param name="Found">False: the key does not exist.</param>
/// <param name="Value">Its value; the bytes never change, so it may be kept.</param>
public readonly record struct LsmValue(bool Found, ReadOnlyMemory<byte> Value);
