using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Production;
using SimGraph.Tests.Conformance;
using Xunit;

namespace SimGraph.Tests.Runtime;

public sealed class FileSystemDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("simgraph-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_root_folder_is_created_with_those_above_it()
    {
        string root = Path.Combine(_folder, "a", "b");
        var disk = new FileSystemDisk(root + Path.DirectorySeparatorChar);
        Assert.Equal(root, disk.RootDirectory);
        await disk.PutAsync("file", 1, 2);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(Path.Combine(root, "file"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_root_that_cannot_be_created_is_reported()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllBytes(file, []);
        DiskException failure = Assert.Throws<DiskException>(() => new FileSystemDisk(Path.Combine(file, "root")));
        Assert.Contains(file, failure.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_device_is_reported_as_full()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        var disk = new FileSystemDisk(_folder);
        File.CreateSymbolicLink(Path.Combine(_folder, "full"), "/dev/full");
        await using IFile file = await disk.OpenAsync("full", FileOpenMode.Existing);
        await DiskExpectations.FailsWithAsync(DiskError.Full, () => file.WriteAsync(0, new byte[16], CancellationToken.None));
    }
}
