namespace SimGraph.Replication.Wire;

/// <summary>A client's request.</summary>
/// <param name="Id">The client's number for it, repeated in the response; unique on its connection.</param>
/// <param name="Request">What is asked for.</param>
/// <param name="Body">The encoded command, query or <see cref="AdministrationRequest"/>.</param>
internal readonly record struct ClientRequest(ulong Id, RequestKind Request, ReadOnlyMemory<byte> Body) : IFramePayload
{
    /// <summary>Bytes in front of the body.</summary>
    public const int HeaderLength = sizeof(ulong) + 1;

    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.ClientRequest;

    /// <inheritdoc/>
    public int Length => HeaderLength + Body.Length;

    /// <summary>Decodes; the body is a copy.</summary>
    /// <exception cref="ProtocolException">Not a request.</exception>
    public static ClientRequest Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "client request");
        ulong id = reader.ReadUInt64();
        byte kind = reader.ReadByte();
        if (kind is < (byte)RequestKind.Command or > (byte)RequestKind.Backup)
        {
            throw new ProtocolException($"client request: unknown kind {kind}");
        }

        return new ClientRequest(id, (RequestKind)kind, reader.ReadRest().ToArray());
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(Id);
        writer.WriteByte((byte)Request);
        writer.WriteBytes(Body.Span);
    }
}
