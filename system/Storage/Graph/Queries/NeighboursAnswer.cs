using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimGraph.Storage.Graph;

/// <summary>Neighbours in ascending order of the edges' ids, and whether there are more behind the last.</summary>
public sealed record NeighboursAnswer(ImmutableArray<Neighbour> Neighbours, bool More) : GraphAnswer
{
    // Two ids and the smallest type.
    private const int NeighbourBytesMin = 19;

    /// <inheritdoc/>
    public override AnswerKind Kind => AnswerKind.Neighbours;

    /// <inheritdoc/>
    public bool Equals(NeighboursAnswer? other) =>
        other is not null && More == other.More && Neighbours.AsSpan().SequenceEqual(other.Neighbours.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Neighbours.Length;

    internal static NeighboursAnswer ReadBody(ref CanonicalReader reader)
    {
        bool more = reader.ReadBoolean();
        int count = reader.ReadCount(NeighbourBytesMin);
        if (count > GraphLimits.NeighboursPerAnswerMax)
        {
            reader.Fail("there are too many neighbours");
        }

        Neighbour[] neighbours = new Neighbour[count];
        for (int i = 0; i < count; i++)
        {
            neighbours[i] = new Neighbour(reader.ReadId(), reader.ReadName(), reader.ReadId());
        }

        return new NeighboursAnswer(ImmutableCollectionsMarshal.AsImmutableArray(neighbours), more);
    }

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte(More ? (byte)1 : (byte)0);
        writer.WriteUInt32((uint)Neighbours.Length);
        foreach (Neighbour neighbour in Neighbours)
        {
            writer.WriteId(neighbour.Edge);
            writer.WriteName(neighbour.Type);
            writer.WriteId(neighbour.Node);
        }
    }
}
