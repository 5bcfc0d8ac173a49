// The folder of a backup: names, and the manifest. The manifest is written beside the old one, flushed, and renamed over it, so that a crash leaves one of the two whole.

using System.Globalization;
using SimGraph.Runtime.Disk;

namespace SimGraph.Replication.Backup.Files;

/// <summary>A folder on a disk that holds a backup, or is to.</summary>
internal sealed class BackupFolder(IDisk disk, string folder)
{
    private const string ManifestName = "backup.manifest";
    private const string NewManifestName = "backup.manifest.new";
    private const string Extension = ".bak";
    private const string BasePrefix = "base-";
    private const string EntriesPrefix = "entries-";

    /// <summary>The disk.</summary>
    public IDisk Disk => disk;

    /// <summary>The folder's path, for people.</summary>
    public string Shown => folder.Length == 0 ? "." : folder;

    /// <summary>Path of the file with the base state.</summary>
    public string BasePath(ulong index) => DiskPath.Join(folder, NameOf(BasePrefix, index));

    /// <summary>Path of the file with entries from an index on.</summary>
    public string EntriesPath(ulong first) => DiskPath.Join(folder, NameOf(EntriesPrefix, first));

    /// <summary>Reads the manifest; null if there is none.</summary>
    /// <exception cref="BackupCorruptException">It is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task<BackupManifest?> TryLoadAsync(CancellationToken cancellationToken)
    {
        string path = DiskPath.Join(folder, ManifestName);
        if (!await disk.ExistsAsync(path, cancellationToken))
        {
            return null;
        }

        await using IFile file = await disk.OpenAsync(path, FileOpenMode.Existing, cancellationToken);
        if (file.Length > BackupManifest.BytesMax)
        {
            throw new BackupCorruptException(path, 0, $"a manifest of {file.Length} bytes; at most {BackupManifest.BytesMax} are allowed");
        }

        byte[] bytes = new byte[file.Length];
        int length = await file.ReadAsync(0, bytes, cancellationToken);
        try
        {
            return BackupManifest.Decode(bytes.AsSpan(0, length));
        }
        catch (FormatException exception)
        {
            throw new BackupCorruptException(path, 0, exception.Message);
        }
    }

    /// <summary>Reads the manifest.</summary>
    /// <exception cref="BackupException">There is none: this is no backup, or one that broke off.</exception>
    /// <exception cref="BackupCorruptException">It is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task<BackupManifest> LoadAsync(CancellationToken cancellationToken)
    {
        if (await TryLoadAsync(cancellationToken) is { } manifest)
        {
            return manifest;
        }

        throw new BackupException(
            await FindLeftoverAsync(cancellationToken) is { } leftover
                ? $"'{Shown}' holds a backup that broke off ('{leftover}' and no '{ManifestName}'): it cannot be used; take it again"
                : $"'{Shown}' holds no backup: there is no '{ManifestName}'");
    }

    /// <summary>Makes the folder, and clears it of what an attempt that broke off left.</summary>
    /// <exception cref="BackupException">It holds a backup.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await disk.CreateDirectoryAsync(folder, cancellationToken);
        if (await TryLoadAsync(cancellationToken) is { } present)
        {
            throw new BackupException(
                $"'{Shown}' holds a backup of cluster '{present.ClusterId}' from {present.Base} to {present.End} already: continue it, or take another one into a folder of its own");
        }

        foreach (string name in await disk.ListAsync(folder, cancellationToken))
        {
            if (IsOurs(name))
            {
                await disk.DeleteAsync(DiskPath.Join(folder, name), cancellationToken);
            }
        }
    }

    /// <summary>Makes the names of new files durable, then puts a manifest in the place of the one before, durably.</summary>
    /// <exception cref="DiskException">The disk failed: which of the two is there is unknown, and each is whole.</exception>
    public async Task PublishAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        await disk.FlushDirectoryAsync(folder, cancellationToken);
        string newPath = DiskPath.Join(folder, NewManifestName);
        await disk.DeleteAsync(newPath, cancellationToken);
        await using (IFile file = await disk.OpenAsync(newPath, FileOpenMode.CreateNew, cancellationToken))
        {
            await file.WriteDurablyAsync(0, manifest.Encode(), cancellationToken);
        }

        await disk.RenameAsync(newPath, DiskPath.Join(folder, ManifestName), cancellationToken);
        await disk.FlushDirectoryAsync(folder, cancellationToken);
    }

    private static string NameOf(string prefix, ulong index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{index:D20}{Extension}");

    private static bool IsOurs(string name) =>
        name == NewManifestName
        || (name.EndsWith(Extension, StringComparison.Ordinal)
            && (name.StartsWith(BasePrefix, StringComparison.Ordinal) || name.StartsWith(EntriesPrefix, StringComparison.Ordinal)));

    private async Task<string?> FindLeftoverAsync(CancellationToken cancellationToken)
    {
        foreach (string name in await disk.ListAsync(folder, cancellationToken))
        {
            if (IsOurs(name))
            {
                return name;
            }
        }

        return null;
    }
}
