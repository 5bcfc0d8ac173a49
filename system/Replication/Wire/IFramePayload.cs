namespace SimGraph.Replication.Wire;

/// <summary>Something that is sent as the payload of one frame. Implemented by structs, so that sending costs no allocation.</summary>
internal interface IFramePayload
{
    /// <summary>The frame's kind.</summary>
    FrameKind Kind { get; }

    /// <summary>Bytes that <see cref="WriteTo"/> writes.</summary>
    int Length { get; }

    /// <summary>Writes the payload.</summary>
    void WriteTo(FrameWriter writer);
}
