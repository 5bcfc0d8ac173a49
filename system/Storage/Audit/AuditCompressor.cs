// Compresses closed files. A compressed file appears under its name only when it is whole, durable, and was read back and found equal; the plain one
// goes only when that name is durable. A crash at any point leaves the plain file, the compressed one, or both, and then the plain one counts.

using System.IO.Hashing;
using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>Turns a plain file into a compressed one, in bounded memory. One caller.</summary>
internal sealed class AuditCompressor(AuditFolder folder)
{
    private readonly List<string> _replaced = [];

    /// <summary>Plain files that are still there although their compressed form is durable.</summary>
    public int Replaced => _replaced.Count;

    /// <summary>Compresses a file that is not written any more. Cancelled or failed, it leaves the file as it was. Returns the new length.</summary>
    /// <exception cref="DiskException">The disk failed; it can be tried again.</exception>
    public async Task<long> CompressAsync(AuditFile file, CancellationToken cancellationToken)
    {
        Invariant.Check(!file.Compressed, "a file is compressed once");
        string path = folder.PathOf(file.First, compressed: true);
        string temporary = path + AuditFormat.TemporarySuffix;
        long bytes;
        try
        {
            // One that failed before may have left it behind.
            await folder.Disk.DeleteAsync(temporary, cancellationToken);
            bytes = await WriteAsync(file, temporary, cancellationToken);
        }
        catch
        {
            await TryDeleteAsync(temporary);
            throw;
        }

        await PublishAsync(file with { Compressed = true, Bytes = bytes }, temporary, path);
        return bytes;
    }

    /// <summary>Deletes the plain forms of what was compressed.</summary>
    /// <exception cref="DiskException">The disk failed; it can be tried again.</exception>
    public async Task RemoveReplacedAsync()
    {
        using AsyncLock.Holder holder = await folder.Names.EnterAsync(CancellationToken.None);
        foreach (string path in _replaced)
        {
            await folder.Disk.DeleteAsync(path, CancellationToken.None);
        }

        await folder.Disk.FlushDirectoryAsync(folder.Directory, CancellationToken.None);
        _replaced.Clear();
    }

    private async Task<long> WriteAsync(AuditFile file, string temporary, CancellationToken cancellationToken)
    {
        var written = new XxHash128();
        byte[] plain = new byte[(int)Math.Min(file.Bytes, GzipMember.PlainBytesMax)];
        long bytes = 0;
        await using IFile source = await folder.Disk.OpenAsync(folder.PathOf(file), FileOpenMode.Existing, cancellationToken);
        await using (IFile target = await folder.Disk.OpenAsync(temporary, FileOpenMode.CreateNew, cancellationToken))
        {
            for (long at = 0; at < file.Bytes;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = await source.ReadAsync(at, plain.AsMemory(0, (int)Math.Min(plain.Length, file.Bytes - at)), cancellationToken);
                if (count == 0)
                {
                    throw new DiskException(DiskError.InputOutput, source.Path, $"the file ends before its {file.Bytes} bytes");
                }

                written.Append(plain.AsSpan(0, count));
                byte[] member = GzipMember.Encode(plain.AsSpan(0, count));
                await target.WriteAsync(bytes, member, cancellationToken);
                bytes += member.Length;
                at += count;
            }

            await target.FlushAsync(cancellationToken);
        }

        if (await ReadBackAsync(temporary, cancellationToken) != written.GetCurrentHashAsUInt128())
        {
            throw new DiskException(DiskError.InputOutput, temporary, "what was read back is not what was written");
        }

        return bytes;
    }

    private async Task<UInt128> ReadBackAsync(string temporary, CancellationToken cancellationToken)
    {
        var read = new XxHash128();
        await using AuditBytes bytes = await AuditBytes.OpenAsync(folder.Disk, temporary, compressed: true, long.MaxValue, cancellationToken);
        for (ReadOnlyMemory<byte> block; !(block = await bytes.ReadAsync(cancellationToken)).IsEmpty;)
        {
            read.Append(block.Span);
        }

        return bytes.Damage is { } damage ? throw new DiskException(DiskError.InputOutput, temporary, damage) : read.GetCurrentHashAsUInt128();
    }

    // Not to be cancelled in the middle: it takes a few small disk calls.
    private async Task PublishAsync(AuditFile compressed, string temporary, string path)
    {
        using AsyncLock.Holder holder = await folder.Names.EnterAsync(CancellationToken.None);
        await folder.Disk.RenameAsync(temporary, path, CancellationToken.None);
        await folder.Disk.FlushDirectoryAsync(folder.Directory, CancellationToken.None);
        folder.Replace(compressed);
        _replaced.Add(folder.PathOf(compressed.First, compressed: false));
    }

    private async Task TryDeleteAsync(string path)
    {
        try
        {
            await folder.Disk.DeleteAsync(path, CancellationToken.None);
        }
        catch (DiskException)
        {
            // The next try, or the next open, removes it.
        }
    }
}
