using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>One version of a key, ordered as tables order them: obviously.</summary>
internal sealed record TableVersion(byte[] Key, ulong Sequence, EntryKind Kind, byte[] Value) : IComparable<TableVersion>
{
    public int CompareTo(TableVersion? other)
    {
        int order = Convert.ToHexString(Key).CompareTo(Convert.ToHexString(other!.Key), StringComparison.Ordinal);
        return order != 0 ? order : -Sequence.CompareTo(other.Sequence);
    }

    public override string ToString() => $"{Convert.ToHexString(Key)}@{Sequence} {Kind} {Value.Length}:{Convert.ToHexString(Value.AsSpan(0, Math.Min(8, Value.Length)))}";
}
