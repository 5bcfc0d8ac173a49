// The smallest component worth a crash test: one number, in a file that is replaced by rename. Its defects are those that the explorers exist to find.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Runtime.Disk;

namespace SimGraph.Tests.Storage.CrashExploration;

/// <summary>Stores a number durably; or not, by its defect.</summary>
internal sealed class ToyStore(IDisk disk, ToyDefect defect)
{
    private const string Folder = "toy";
    private const string Current = "toy/current";
    private const string Next = "toy/next";

    // Three sectors, so that it can tear.
    private const int Bytes = 1_400;

    /// <exception cref="ToyDamagedException">The file is damaged.</exception>
    public async Task<long> OpenAsync(CancellationToken cancellation)
    {
        CancellationToken told = defect == ToyDefect.DoesNotListen ? CancellationToken.None : cancellation;
        await disk.CreateDirectoryAsync(Folder, told);
        if (!await disk.ExistsAsync(Current, cancellation))
        {
            return 0;
        }

        byte[] bytes = new byte[Bytes];
        await using IFile file = await disk.OpenAsync(Current, FileOpenMode.Existing, cancellation);
        int count = await file.ReadAsync(0, bytes, cancellation);
        if (defect != ToyDefect.ReadsUnchecked
            && (count != Bytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != XxHash3.HashToUInt64(bytes.AsSpan(8))))
        {
            throw new ToyDamagedException();
        }

        if (defect != ToyDefect.TrustsWhatItFinds)
        {
            await file.WriteAsync(0, bytes, told);
            await file.FlushAsync(told);
            await disk.FlushDirectoryAsync(Folder, told);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
    }

    /// <summary>Stores a number; <paramref name="acknowledge"/> is called when it counts as durable.</summary>
    public async Task PutAsync(long number, Action acknowledge)
    {
        byte[] bytes = new byte[Bytes];
        bytes.AsSpan().Fill((byte)number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, XxHash3.HashToUInt64(bytes.AsSpan(8)));
        string path = defect == ToyDefect.OverwritesInPlace ? Current : Next;
        await using (IFile file = await disk.OpenAsync(path, FileOpenMode.OpenOrCreate, CancellationToken.None))
        {
            await file.WriteAsync(0, bytes, CancellationToken.None);
            if (defect == ToyDefect.AcknowledgesBeforeFlush)
            {
                acknowledge();
            }

            if (defect != ToyDefect.NoFlush)
            {
                await FlushAsync(file);
            }
        }

        if (defect != ToyDefect.OverwritesInPlace)
        {
            await disk.RenameAsync(Next, Current, CancellationToken.None);
        }

        if (defect != ToyDefect.NoFolderFlush)
        {
            await disk.FlushDirectoryAsync(Folder, CancellationToken.None);
        }

        acknowledge();
    }

    private async Task FlushAsync(IFile file)
    {
        try
        {
            await file.FlushAsync(CancellationToken.None);
        }
        catch (DiskException) when (defect == ToyDefect.TriesFlushAgain)
        {
            await file.FlushAsync(CancellationToken.None);
        }
    }
}
