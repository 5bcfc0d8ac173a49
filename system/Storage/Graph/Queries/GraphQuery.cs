using System.Buffers;

namespace SimGraph.Storage.Graph;

/// <summary>A question to a graph; immutable. Encoded as: version u8, kind u8, body.</summary>
public abstract record GraphQuery
{
    private const byte Version = 1;

    private protected GraphQuery()
    {
    }

    /// <summary>What it asks.</summary>
    public abstract QueryKind Kind { get; }

    /// <summary>Reads a query.</summary>
    /// <exception cref="FormatException">The bytes are not the canonical encoding of one.</exception>
    public static GraphQuery Decode(ReadOnlySpan<byte> source, NameTable? names = null)
    {
        CanonicalReader reader = new(source, names);
        if (reader.ReadByte() != Version)
        {
            reader.Fail("the version of the query is unknown");
        }

        GraphQuery query;
        switch ((QueryKind)reader.ReadByte())
        {
            case QueryKind.GetNode:
                query = new GetNode(reader.ReadId());
                break;
            case QueryKind.GetEdge:
                query = new GetEdge(reader.ReadId());
                break;
            case QueryKind.Neighbours:
                query = Neighbours.ReadBody(ref reader);
                break;
            case QueryKind.CountNodes:
                query = new CountNodes(reader.ReadBoolean() ? reader.ReadName() : null);
                break;
            case QueryKind.FindByLabel:
                query = FindByLabel.ReadBody(ref reader);
                break;
            case QueryKind.FindEdgesByType:
                query = FindEdgesByType.ReadBody(ref reader);
                break;
            case QueryKind.FindByProperty:
                query = FindByProperty.ReadBody(ref reader);
                break;
            default:
                reader.Fail("the query is of no known kind");
                return null!;
        }

        reader.Finish();
        return query;
    }

    /// <summary>Writes the query.</summary>
    public void Encode(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteByte(Version);
        writer.WriteByte((byte)Kind);
        WriteBody(ref writer);
        writer.Complete();
    }

    internal abstract void WriteBody(ref CanonicalWriter writer);

    private protected static int CheckedLimit(int limit) => limit is >= 1 and <= GraphLimits.ElementsPerAnswerMax
        ? limit
        : throw new ArgumentOutOfRangeException(nameof(limit), limit, $"The limit is 1 to {GraphLimits.ElementsPerAnswerMax}.");

    private protected static int ReadLimit(ref CanonicalReader reader)
    {
        int limit = reader.ReadUInt16();
        if (limit is 0 or > GraphLimits.ElementsPerAnswerMax)
        {
            reader.Fail("a limit is out of range");
        }

        return limit;
    }
}
