using SimGraph.Runtime.Disk;

namespace SimGraph.Runtime.Production;

/// <summary>Maps what the operating system reports to <see cref="DiskError"/>.</summary>
internal static class FileSystemFailure
{
    // On Unix an IOException carries the errno itself, on Windows an HRESULT.
    private const int UnixNoSpace = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>True for failures of the file system; false for misuse, cancellation and what is translated already.</summary>
    internal static bool IsExpected(Exception failure) => failure is IOException and not DiskException or UnauthorizedAccessException;

    /// <summary>The exception that the seam promises.</summary>
    internal static DiskException Translate(Exception failure, string path, string what)
    {
        DiskError error = failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => DiskError.NotFound,
            IOException { HResult: WindowsDiskFull or WindowsHandleDiskFull } => DiskError.Full,
            IOException when !OperatingSystem.IsWindows() && IsUnixFull(failure.HResult) => DiskError.Full,
            _ => DiskError.InputOutput,
        };
        return new DiskException(error, path, $"{what}: {failure.Message}", failure);
    }

    private static bool IsUnixFull(int errno) =>
        errno == UnixNoSpace || errno == (OperatingSystem.IsLinux() ? LinuxQuotaExceeded : MacQuotaExceeded);
}
