using SimGraph.Runtime.Disk;

namespace SimGraph.Storage;

/// <summary>Writes what a file holds into it again.</summary>
internal static class FileRewriting
{
    private const int CopyBytes = 256 << 10;

    /// <summary>
    /// Rewrites a range byte for byte. What was read may stand in the page cache only, and after a flush that failed a later one proves nothing: only
    /// bytes that are written anew are covered by the next flush.
    /// </summary>
    /// <exception cref="DiskException">The disk failed, or the file became shorter meanwhile.</exception>
    public static async Task WriteAgainAsync(IFile file, long from, long to, CancellationToken cancellationToken)
    {
        byte[] copy = new byte[Math.Min(CopyBytes, to - from)];
        while (from < to)
        {
            Memory<byte> part = copy.AsMemory(0, (int)Math.Min(copy.Length, to - from));
            int count = await file.ReadAsync(from, part, cancellationToken);
            if (count == 0)
            {
                throw new DiskException(DiskError.InputOutput, file.Path, $"the file became shorter than {to} bytes while it was opened");
            }

            await file.WriteAsync(from, part[..count], cancellationToken);
            from += count;
        }
    }
}
