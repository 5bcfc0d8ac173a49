using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>Which keys of an index meet a condition: always one range.</summary>
internal static class IndexRange
{
    /// <summary>The range of a query. Empty ranges have a start that is not below the end.</summary>
    public static LsmRange Of(FindByProperty query, PairBuffer scratch)
    {
        PropertyCondition condition = query.Condition;
        byte[] start = Prefix(scratch, query, condition.From, condition.Kind).CopyKey();
        byte[] end;
        switch (condition.Kind)
        {
            case PropertyConditionKind.Exact or PropertyConditionKind.Prefix:
                end = scratch.Successor().CopyKey();
                break;
            default:
                if (!condition.IncludesFrom)
                {
                    start = scratch.Successor().CopyKey();
                }

                Prefix(scratch, query, condition.To, condition.Kind);
                end = condition.IncludesTo || condition.To is null ? scratch.Successor().CopyKey() : scratch.CopyKey();
                break;
        }

        if (query.After is { } after)
        {
            PairBuffer key = IndexState.BeginEntry(scratch, new IndexDefinition(query.Target, query.Key)).OrderedValue(after.Value);
            byte[] behind = after.Element.Value == ulong.MaxValue
                ? key.Successor().CopyKey()
                : key.Id(new ElementId(after.Element.Value + 1)).CopyKey();
            start = behind.AsSpan().SequenceCompareTo(start) > 0 ? behind : start;
        }

        return new LsmRange(start, end.AsSpan().SequenceCompareTo(start) > 0 ? end : start);
    }

    private static PairBuffer Prefix(PairBuffer scratch, FindByProperty query, PropertyValue? value, PropertyConditionKind kind)
    {
        IndexState.BeginEntry(scratch, new IndexDefinition(query.Target, query.Key));
        return value is not { } present
            ? scratch.Byte((byte)query.Condition.ValueKind)
            : kind == PropertyConditionKind.Prefix ? scratch.Prefix(present) : scratch.OrderedValue(present);
    }
}
