using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimGraph.Storage.Graph;

/// <summary>What became of a command: a result for each operation, or the error of the operation for which the whole was refused.</summary>
public sealed class GraphOutcome : IEquatable<GraphOutcome>
{
    private readonly OperationResult[] _results;

    private GraphOutcome(OperationResult[] results, GraphError error, int failedOperation)
    {
        _results = results;
        Error = error;
        FailedOperation = failedOperation;
    }

    /// <summary>True when every operation happened; false when none did.</summary>
    public bool IsApplied => Error == GraphError.None;

    /// <summary>Why it was refused.</summary>
    public GraphError Error { get; }

    /// <summary>Ordinal of the operation that was refused; 0 when none was.</summary>
    public int FailedOperation { get; }

    /// <summary>The results in the order of the operations; empty when it was refused.</summary>
    public ImmutableArray<OperationResult> Results => ImmutableCollectionsMarshal.AsImmutableArray(_results);

    /// <summary>It was refused.</summary>
    public static GraphOutcome Failed(GraphError error, int operation)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((byte)error, (byte)GraphError.None, nameof(error));
        ArgumentOutOfRangeException.ThrowIfNegative(operation);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(operation, GraphLimits.OperationsPerCommandMax);
        return new GraphOutcome([], error, operation);
    }

    /// <summary>Reads an outcome.</summary>
    /// <exception cref="FormatException">The bytes are not the encoding of one.</exception>
    public static GraphOutcome Decode(ReadOnlySpan<byte> source)
    {
        CanonicalReader reader = new(source, names: null);
        GraphError error = (GraphError)reader.ReadByte();
        int number = reader.ReadUInt16();
        if (error > GraphError.IndexExists)
        {
            reader.Fail("the error is of no known kind");
        }

        GraphOutcome outcome;
        if (error != GraphError.None)
        {
            if (number >= GraphLimits.OperationsPerCommandMax)
            {
                reader.Fail("the failed operation is one that no command has");
            }

            outcome = new GraphOutcome([], error, number);
        }
        else
        {
            if (number is 0 or > GraphLimits.OperationsPerCommandMax || number > reader.Remaining)
            {
                reader.Fail("the number of results is out of range");
            }

            OperationResult[] results = new OperationResult[number];
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = OperationResult.Read(ref reader);
            }

            outcome = Applied(results);
        }

        reader.Finish();
        return outcome;
    }

    /// <summary>Writes the outcome.</summary>
    public void Encode(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteByte((byte)Error);
        writer.WriteUInt16((ushort)(IsApplied ? _results.Length : FailedOperation));
        foreach (OperationResult result in _results)
        {
            result.Write(ref writer);
        }

        writer.Complete();
    }

    /// <inheritdoc/>
    public bool Equals(GraphOutcome? other) => other is not null
        && Error == other.Error && FailedOperation == other.FailedOperation && _results.AsSpan().SequenceEqual(other._results);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GraphOutcome);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Error << 16) ^ (FailedOperation + _results.Length);

    /// <inheritdoc/>
    public override string ToString() =>
        IsApplied ? $"applied [{string.Join(", ", _results)}]" : $"{Error} at operation {FailedOperation}";

    /// <summary>Every operation happened; the array is owned by the outcome from here on.</summary>
    internal static GraphOutcome Applied(OperationResult[] results) => new(results, GraphError.None, 0);
}
