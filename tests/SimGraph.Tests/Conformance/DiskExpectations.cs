using SimGraph.Runtime.Disk;
using Xunit;

namespace SimGraph.Tests.Conformance;

/// <summary>
/// What the disk tests say about outcomes. Awaits plainly: xunit's own asynchronous assertions may resume on the thread pool, which a simulated
/// machine reports as an escape.
/// </summary>
internal static class DiskExpectations
{
    internal static async Task<TException> FailsAsync<TException>(Func<ValueTask> call)
        where TException : Exception
    {
        try
        {
            await call();
        }
        catch (TException failure)
        {
            return failure;
        }

        Assert.Fail($"expected {typeof(TException).Name}, and the call succeeded");
        throw new InvalidOperationException("not reached");
    }

    internal static async Task FailsWithAsync(DiskError expected, Func<ValueTask> call)
    {
        DiskException failure = await FailsAsync<DiskException>(call);
        Assert.Equal(expected, failure.Error);
    }

    internal static async Task<IFile> OpenAsync(this IDisk disk, string path, FileOpenMode mode = FileOpenMode.OpenOrCreate) =>
        await disk.OpenAsync(path, mode, CancellationToken.None);

    internal static async Task WriteAsync(this IFile file, long offset, params byte[] bytes) =>
        await file.WriteAsync(offset, bytes, CancellationToken.None);

    internal static async Task<byte[]> ReadAsync(this IFile file, long offset, int count)
    {
        byte[] buffer = new byte[count];
        int read = await file.ReadAsync(offset, buffer, CancellationToken.None);
        return buffer[..read];
    }

    internal static Task<byte[]> ReadAllAsync(this IFile file) => file.ReadAsync(0, (int)file.Length);

    internal static async Task PutAsync(this IDisk disk, string path, params byte[] bytes)
    {
        await using IFile file = await disk.OpenAsync(path);
        await file.SetLengthAsync(0, CancellationToken.None);
        await file.WriteAsync(0, bytes);
    }

    internal static async Task PutDurablyAsync(this IDisk disk, string path, byte[] bytes)
    {
        await using IFile file = await disk.OpenAsync(path);
        await file.WriteAsync(0, bytes, CancellationToken.None);
        await file.FlushAsync(CancellationToken.None);
        await disk.FlushDirectoryAsync(DiskPath.DirectoryOf(path), CancellationToken.None);
    }

    internal static async Task<byte[]> GetAsync(this IDisk disk, string path)
    {
        await using IFile file = await disk.OpenAsync(path, FileOpenMode.Existing);
        return await file.ReadAllAsync();
    }

    /// <summary>Bytes that differ at every position of a sector and from sector to sector.</summary>
    internal static byte[] Pattern(int count, int salt = 0)
    {
        byte[] bytes = new byte[count];
        for (int index = 0; index < count; index++)
        {
            bytes[index] = (byte)(1 + ((index + (index / 251) + (salt * 37)) % 255));
        }

        return bytes;
    }
}
