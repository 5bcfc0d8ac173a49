namespace SimGraph.Replication.Wire;

/// <summary>A frame that is its kind only.</summary>
internal readonly record struct EmptyPayload(FrameKind Kind) : IFramePayload
{
    /// <inheritdoc/>
    public int Length => 0;

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
    }
}
