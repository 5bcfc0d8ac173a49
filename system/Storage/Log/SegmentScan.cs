namespace SimGraph.Storage.Log;

/// <summary>What reading a segment found.</summary>
/// <param name="GoodBytes">Up to here everything is whole.</param>
/// <param name="LastBatchStart">Where the last whole record's batch begins; 0 if that is the head.</param>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="DamagedBytes">Bytes behind the good ones that are no preallocated zeros: a torn tail, or worse.</param>
/// <param name="Header">Its header; meaningless unless the head is whole.</param>
/// <param name="HeadIsWhole">False if the header or a record of the head is damaged.</param>
/// <param name="Damage">What is wrong at <paramref name="GoodBytes"/>; null if all is whole.</param>
internal sealed record SegmentScan(
    long GoodBytes, long LastBatchStart, long FileBytes, long DamagedBytes, SegmentHeader Header, bool HeadIsWhole, string? Damage)
{
    /// <summary>
    /// True if the segment may have been sealed at this length. Zeros that were cut off may be there again: the flush of the cut failed, the process that
    /// came next saw the file cut, and then the power failed.
    /// </summary>
    public bool EndsAt(long bytes) => bytes == FileBytes || (bytes == GoodBytes && Damage is null);
}
