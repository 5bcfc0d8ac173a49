using System.Globalization;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>Fresh folders for contenders, below one that disappears at the end.</summary>
internal sealed class StorageFolders : IDisposable
{
    private readonly string _root;
    private int _count;

    public StorageFolders(string parent)
    {
        string root = Path.Join(Path.GetFullPath(parent), string.Create(CultureInfo.InvariantCulture, $"storage-bench-{Environment.ProcessId}"));
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"bench storage: the folder '{root}' cannot be made: {exception.Message}");
        }

        _root = root;
    }

    /// <summary>The file system, as the operating system names it: a flush means little on some.</summary>
    public string FileSystem => new DriveInfo(_root).DriveFormat;

    public string New() => Directory.CreateDirectory(Path.Join(_root, string.Create(CultureInfo.InvariantCulture, $"{++_count}"))).FullName;

    public void Clear()
    {
        foreach (string folder in Directory.GetDirectories(_root))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
