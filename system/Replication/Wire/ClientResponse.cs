namespace SimGraph.Replication.Wire;

/// <summary>The answer to one request.</summary>
/// <param name="Id">The request's number.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Body">See <see cref="ResponseStatus"/>.</param>
internal readonly record struct ClientResponse(ulong Id, ResponseStatus Status, ReadOnlyMemory<byte> Body) : IFramePayload
{
    /// <summary>Bytes in front of the body.</summary>
    public const int HeaderLength = sizeof(ulong) + 1;

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.ClientResponse;

    /// <inheritdoc/>
    public int Length => HeaderLength + Body.Length;

    /// <summary>Decodes; the body is a copy.</summary>
    /// <exception cref="ProtocolException">Not a response.</exception>
    public static ClientResponse Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "client response");
        ulong id = reader.ReadUInt64();
        byte status = reader.ReadByte();
        if (status is < (byte)ResponseStatus.Done or > (byte)ResponseStatus.Accepted)
        {
            throw new ProtocolException($"client response: unknown status {status}");
        }

        return new ClientResponse(id, (ResponseStatus)status, reader.ReadRest().ToArray());
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteByte((byte)Status);
        writer.WriteBytes(Body.Span);
    }
}
