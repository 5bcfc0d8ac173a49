namespace SimGraph.Storage.Log;

/// <summary>What a segment's header says beside numbers. Values are part of the on-disk format.</summary>
[Flags]
internal enum SegmentFlags : uint
{
    /// <summary>Nothing; all that a segment of version 1 says.</summary>
    None = 0,

    /// <summary>Zeros behind the last record are preallocated, not damage.</summary>
    Preallocated = 1,
}
