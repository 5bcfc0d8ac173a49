// fsync of a folder. .NET opens no handle on one (File.OpenHandle refuses), so on Unix this calls the C library: a folder opened read-only may be
// fsynced, and that is what makes created, renamed and deleted names durable. Windows has no such call: NTFS journals its metadata and
// FlushFileBuffers of a file forces the log up to that file's creation, so there the flush of a folder does nothing.

using System.Runtime.InteropServices;

namespace SimGraph.Runtime.Production;

/// <summary>Makes the names of a folder durable.</summary>
internal static partial class DirectoryFlush
{
    private const int ErrorInterrupted = 4;
    private const int OpenReadOnly = 0;

    // O_CLOEXEC: a child process must not inherit the descriptor.
    private static readonly int OpenFlags = OpenReadOnly | (OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000);

    /// <summary>Blocks until the names are durable.</summary>
    /// <exception cref="IOException">The folder cannot be opened, or the device failed; <see cref="Exception.HResult"/> is the errno.</exception>
    internal static void Flush(string fullPath)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor;
        while ((descriptor = Open(fullPath, OpenFlags)) < 0)
        {
            ThrowUnlessInterrupted("open");
        }

        try
        {
            while (Synchronize(descriptor) < 0)
            {
                ThrowUnlessInterrupted("fsync");
            }
        }
        finally
        {
            // The result does not matter: nothing was written through this descriptor. Never repeated: after EINTR it is closed all the same.
            _ = Close(descriptor);
        }
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != ErrorInterrupted)
        {
            throw new IOException($"{call} of the folder failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
