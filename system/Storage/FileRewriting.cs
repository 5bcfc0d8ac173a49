using SimGraph.Runtime.Disk;

namespace SimGraph.Storage;

/// <summary>Takes what a file holds, all of it or an error, to write it again.</summary>
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
            Require(count, file, to);
            await file.WriteAsync(from, part[..count], cancellationToken);
            from += count;
        }
    }

    /// <summary>Reads the first bytes of a file.</summary>
    /// <exception cref="DiskException">The disk failed, or the file became shorter meanwhile.</exception>
    public static async Task<byte[]> ReadHeadAsync(IFile file, long bytes, CancellationToken cancellationToken)
    {
        byte[] head = new byte[bytes];
        for (int read = 0; read < head.Length;)
        {
            int count = await file.ReadAsync(read, head.AsMemory(read), cancellationToken);
            Require(count, file, bytes);
            read += count;
        }

        return head;
    }

    private static void Require(int count, IFile file, long bytes)
    {
        if (count == 0)
        {
            throw new DiskException(DiskError.InputOutput, file.Path, $"the file became shorter than {bytes} bytes while it was opened");
        }
    }
}
