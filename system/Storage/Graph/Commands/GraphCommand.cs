// The unit of change: 1..4096 operations that happen all or not at all, as one log entry. Encoded as: version u8, count u16, then kind u8 and
// body of each operation. What does not depend on the state (sizes, references between operations) is checked when a command is built and
// when it is decoded, so that applying it only has to look at the graph.

using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimGraph.Storage.Graph;

/// <summary>An atomic batch of operations; immutable.</summary>
public sealed class GraphCommand
{
    private const byte Version = 1;
    private const int HeaderBytes = 3;

    // The kind and, for the smallest body, a reference to an earlier operation.
    private const int OperationBytesMin = 4;

    private readonly GraphOperation[] _operations;

    /// <summary>Makes a command.</summary>
    /// <exception cref="ArgumentException">
    /// No operations, too many, too many bytes, or a reference to an operation that is not an earlier one that creates such an element.
    /// </exception>
    public GraphCommand(params ReadOnlySpan<GraphOperation> operations)
    {
        if (operations.Length is 0 or > GraphLimits.OperationsPerCommandMax)
        {
            throw new ArgumentException(
                $"A command has 1 to {GraphLimits.OperationsPerCommandMax} operations, not {operations.Length}: split it.", nameof(operations));
        }

        _operations = operations.ToArray();
        long bytes = HeaderBytes;
        for (int i = 0; i < _operations.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(_operations[i], nameof(operations));
            bytes += 1 + _operations[i].BodyBytes;
            if (!ReferencesAreValid(_operations, i))
            {
                throw new ArgumentException(
                    $"Operation {i} refers to an operation that is not an earlier one that creates such an element.", nameof(operations));
            }
        }

        if (bytes > GraphLimits.CommandBytesMax)
        {
            throw new ArgumentException(
                $"The command has {bytes} bytes, the limit is {GraphLimits.CommandBytesMax}: split it.", nameof(operations));
        }
    }

    private GraphCommand(GraphOperation[] decoded) => _operations = decoded;

    /// <summary>The operations in order.</summary>
    public ImmutableArray<GraphOperation> Operations => ImmutableCollectionsMarshal.AsImmutableArray(_operations);

    /// <summary>Reads a command.</summary>
    /// <param name="source">Exactly its bytes.</param>
    /// <param name="names">Names that are already in memory, see <see cref="GraphStore.Names"/>.</param>
    /// <exception cref="FormatException">They are not the canonical encoding of a valid command.</exception>
    public static GraphCommand Decode(ReadOnlySpan<byte> source, NameTable? names = null)
    {
        CanonicalReader reader = new(source, names);
        if (source.Length > GraphLimits.CommandBytesMax)
        {
            reader.Fail("the command is too long");
        }

        if (reader.ReadByte() != Version)
        {
            reader.Fail("the version of the command is unknown");
        }

        int count = reader.ReadUInt16();
        if (count is 0 or > GraphLimits.OperationsPerCommandMax || count > reader.Remaining / OperationBytesMin)
        {
            reader.Fail("the number of operations is out of range");
        }

        GraphOperation[] operations = new GraphOperation[count];
        for (int i = 0; i < count; i++)
        {
            operations[i] = ReadOperation(ref reader);
            if (!ReferencesAreValid(operations, i))
            {
                reader.Fail("an operation refers to one that is not an earlier one that creates such an element");
            }
        }

        reader.Finish();
        return new GraphCommand(operations);
    }

    /// <summary>Writes the command.</summary>
    public void Encode(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteByte(Version);
        writer.WriteUInt16((ushort)_operations.Length);
        foreach (GraphOperation operation in _operations)
        {
            writer.WriteByte((byte)operation.Kind);
            operation.WriteBody(ref writer);
        }

        writer.Complete();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", (IEnumerable<GraphOperation>)_operations);

    internal ReadOnlySpan<GraphOperation> AsSpan() => _operations;

    private static GraphOperation ReadOperation(ref CanonicalReader reader)
    {
        OperationKind kind = (OperationKind)reader.ReadByte();
        switch (kind)
        {
            case OperationKind.CreateNode:
                return CreateNode.ReadBody(ref reader);
            case OperationKind.DeleteNode:
                return DeleteNode.ReadBody(ref reader);
            case OperationKind.SetNodeProperty:
                return SetNodeProperty.ReadBody(ref reader);
            case OperationKind.RemoveNodeProperty:
                return RemoveNodeProperty.ReadBody(ref reader);
            case OperationKind.IncrementNodeProperty:
                return IncrementNodeProperty.ReadBody(ref reader);
            case OperationKind.CompareAndSetNodeProperty:
                return CompareAndSetNodeProperty.ReadBody(ref reader);
            case OperationKind.CreateEdge:
                return CreateEdge.ReadBody(ref reader);
            case OperationKind.DeleteEdge:
                return DeleteEdge.ReadBody(ref reader);
            case OperationKind.SetEdgeProperty:
                return SetEdgeProperty.ReadBody(ref reader);
            case OperationKind.AddLabel:
                return AddLabel.ReadBody(ref reader);
            case OperationKind.RemoveLabel:
                return RemoveLabel.ReadBody(ref reader);
            case OperationKind.RemoveEdgeProperty:
                return RemoveEdgeProperty.ReadBody(ref reader);
            case OperationKind.DefineIndex:
                return DefineIndex.ReadBody(ref reader);
            case OperationKind.DropIndex:
                return DropIndex.ReadBody(ref reader);
            default:
                reader.Fail("an operation is of no known kind");
                return null!;
        }
    }

    /// <summary>True when each reference of operation <paramref name="at"/> is by id or to an earlier operation that creates such an element.</summary>
    private static bool ReferencesAreValid(ReadOnlySpan<GraphOperation> operations, int at)
    {
        GraphOperation operation = operations[at];
        return IsCreated(operations, at, operation.NodeReference, OperationKind.CreateNode)
            && IsCreated(operations, at, operation.SecondNodeReference, OperationKind.CreateNode)
            && IsCreated(operations, at, operation.EdgeReference, OperationKind.CreateEdge);
    }

    private static bool IsCreated(ReadOnlySpan<GraphOperation> operations, int before, ElementReference? reference, OperationKind creator) =>
        reference?.CreatedByOperation is not { } ordinal || (ordinal < before && operations[ordinal].Kind == creator);
}
