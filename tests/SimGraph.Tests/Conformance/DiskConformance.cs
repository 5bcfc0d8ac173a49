// Every promise of IDisk as a test that runs against the real file system and against the simulated disk with its faults off. Where the two
// differ, the simulated one is wrong.

using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using Xunit;
using static SimGraph.Tests.Conformance.DiskExpectations;

namespace SimGraph.Tests.Conformance;

public abstract class DiskConformance
{
    private static readonly string[] BadPaths = ["", "/rooted", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\0b"];

    /// <summary>Runs the body to its end on a platform with an empty disk, and throws what it throws.</summary>
    protected abstract void Run(Func<IPlatform, Task> body);

    private void OnDisk(Func<IDisk, Task> body) => Run(platform => body(platform.Disk));

    [Fact]
    public void Opening_an_existing_file_that_is_missing_fails_and_creates_nothing() => OnDisk(async disk =>
    {
        await FailsWithAsync(DiskError.NotFound, async () => await disk.OpenAsync("a", FileOpenMode.Existing));
        Assert.False(await disk.ExistsAsync("a", CancellationToken.None));
    });

    [Fact]
    public void Create_new_makes_an_empty_file() => OnDisk(async disk =>
    {
        await using IFile file = await disk.OpenAsync("a", FileOpenMode.CreateNew);
        Assert.Equal("a", file.Path);
        Assert.Equal(0, file.Length);
        Assert.True(await disk.ExistsAsync("a", CancellationToken.None));
    });

    [Fact]
    public void Create_new_of_an_existing_file_fails_and_leaves_its_bytes() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1, 2, 3);
        await FailsWithAsync(DiskError.AlreadyExists, async () => await disk.OpenAsync("a", FileOpenMode.CreateNew));
        Assert.Equal([1, 2, 3], await disk.GetAsync("a"));
    });

    [Fact]
    public void Open_or_create_creates_what_is_missing_and_keeps_what_is_there() => OnDisk(async disk =>
    {
        await using (IFile created = await disk.OpenAsync("a", FileOpenMode.OpenOrCreate))
        {
            await created.WriteAsync(0, 7, 8);
        }

        await using IFile opened = await disk.OpenAsync("a", FileOpenMode.OpenOrCreate);
        Assert.Equal([7, 8], await opened.ReadAllAsync());
    });

    [Theory]
    [InlineData(FileOpenMode.Existing)]
    [InlineData(FileOpenMode.CreateNew)]
    [InlineData(FileOpenMode.OpenOrCreate)]
    public void Opening_in_a_missing_folder_fails_with_not_found(FileOpenMode mode) => OnDisk(async disk =>
    {
        await FailsWithAsync(DiskError.NotFound, async () => await disk.OpenAsync("missing/a", mode));
        Assert.Empty(await disk.ListAsync("missing", CancellationToken.None));
    });

    [Theory]
    [InlineData(FileOpenMode.Existing, DiskError.NotFound)]
    [InlineData(FileOpenMode.CreateNew, DiskError.AlreadyExists)]
    [InlineData(FileOpenMode.OpenOrCreate, DiskError.AlreadyExists)]
    public void Opening_a_folder_as_a_file_fails(FileOpenMode mode, DiskError expected) => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("folder", CancellationToken.None);
        await FailsWithAsync(expected, async () => await disk.OpenAsync("folder", mode));
    });

    [Theory]
    [InlineData(FileOpenMode.Existing)]
    [InlineData(FileOpenMode.CreateNew)]
    [InlineData(FileOpenMode.OpenOrCreate)]
    public void Opening_below_a_file_fails_with_not_found(FileOpenMode mode) => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1);
        await FailsWithAsync(DiskError.NotFound, async () => await disk.OpenAsync("a/b", mode));
    });

    [Fact]
    public void A_failure_names_the_path() => OnDisk(async disk =>
    {
        DiskException failure = await FailsAsync<DiskException>(async () => await disk.OpenAsync("some-name", FileOpenMode.Existing));
        Assert.Equal("some-name", failure.Path);
        Assert.Contains("some-name", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Exists_is_true_for_files_only() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("folder", CancellationToken.None);
        await disk.PutAsync("folder/a", 1);
        Assert.True(await disk.ExistsAsync("folder/a", CancellationToken.None));
        Assert.False(await disk.ExistsAsync("folder/b", CancellationToken.None));
        Assert.False(await disk.ExistsAsync("folder", CancellationToken.None));
        Assert.False(await disk.ExistsAsync("missing/a", CancellationToken.None));
        Assert.False(await disk.ExistsAsync("folder/a/b", CancellationToken.None));
    });

    [Fact]
    public void Rename_moves_the_file_with_its_bytes() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1, 2);
        await disk.RenameAsync("a", "b", CancellationToken.None);
        Assert.False(await disk.ExistsAsync("a", CancellationToken.None));
        Assert.Equal([1, 2], await disk.GetAsync("b"));
    });

    [Fact]
    public void Rename_replaces_its_target() => OnDisk(async disk =>
    {
        await disk.PutAsync("new", 1);
        await disk.PutAsync("old", 2, 2);
        await disk.RenameAsync("new", "old", CancellationToken.None);
        Assert.Equal([1], await disk.GetAsync("old"));
        Assert.Equal(["old"], await disk.ListAsync("", CancellationToken.None));
    });

    [Fact]
    public void Rename_onto_itself_keeps_the_file() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 4);
        await disk.RenameAsync("a", "a", CancellationToken.None);
        Assert.Equal([4], await disk.GetAsync("a"));
    });

    [Fact]
    public void Rename_crosses_folders() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("x/y", CancellationToken.None);
        await disk.PutAsync("a", 5);
        await disk.RenameAsync("a", "x/y/b", CancellationToken.None);
        Assert.Equal([5], await disk.GetAsync("x/y/b"));
        Assert.Empty(await disk.ListAsync("", CancellationToken.None));
    });

    [Fact]
    public void Rename_of_a_missing_file_fails_and_leaves_the_target() => OnDisk(async disk =>
    {
        await disk.PutAsync("b", 6);
        await FailsWithAsync(DiskError.NotFound, () => disk.RenameAsync("a", "b", CancellationToken.None));
        Assert.Equal([6], await disk.GetAsync("b"));
    });

    [Fact]
    public void Rename_into_a_missing_folder_fails_and_leaves_the_source() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 6);
        await FailsWithAsync(DiskError.NotFound, () => disk.RenameAsync("a", "missing/a", CancellationToken.None));
        Assert.Equal([6], await disk.GetAsync("a"));
    });

    [Fact]
    public void Rename_onto_a_folder_fails() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 6);
        await disk.CreateDirectoryAsync("folder", CancellationToken.None);
        await FailsWithAsync(DiskError.AlreadyExists, () => disk.RenameAsync("a", "folder", CancellationToken.None));
        Assert.Equal([6], await disk.GetAsync("a"));
    });

    [Fact]
    public void Rename_moves_files_only() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("folder", CancellationToken.None);
        await disk.PutAsync("folder/a", 6);
        await FailsWithAsync(DiskError.NotFound, () => disk.RenameAsync("folder", "other", CancellationToken.None));
        Assert.Equal([6], await disk.GetAsync("folder/a"));
    });

    [Fact]
    public void An_open_file_survives_its_rename() => OnDisk(async disk =>
    {
        await using IFile file = await disk.OpenAsync("a");
        await file.WriteAsync(0, 1);
        await disk.RenameAsync("a", "b", CancellationToken.None);
        await file.WriteAsync(1, 2);
        await file.FlushAsync(CancellationToken.None);
        Assert.Equal([1, 2], await disk.GetAsync("b"));
    });

    [Fact]
    public void An_open_file_survives_being_replaced() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1, 1);
        await disk.PutAsync("b", 2);
        await using IFile replaced = await disk.OpenAsync("a", FileOpenMode.Existing);
        await disk.RenameAsync("b", "a", CancellationToken.None);
        Assert.Equal([1, 1], await replaced.ReadAllAsync());
        await replaced.WriteAsync(0, 9);
        Assert.Equal([2], await disk.GetAsync("a"));
    });

    [Fact]
    public void An_open_file_survives_its_deletion() => OnDisk(async disk =>
    {
        await using IFile deleted = await disk.OpenAsync("a");
        await deleted.WriteAsync(0, 1, 2, 3);
        await disk.DeleteAsync("a", CancellationToken.None);
        await deleted.WriteAsync(3, 4);
        await deleted.FlushAsync(CancellationToken.None);
        Assert.Equal([1, 2, 3, 4], await deleted.ReadAllAsync());

        await disk.PutAsync("a", 9);
        Assert.Equal([9], await disk.GetAsync("a"));
        Assert.Equal([1, 2, 3, 4], await deleted.ReadAllAsync());
    });

    [Fact]
    public void Delete_removes_the_file() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1);
        await disk.DeleteAsync("a", CancellationToken.None);
        Assert.False(await disk.ExistsAsync("a", CancellationToken.None));
        await using IFile again = await disk.OpenAsync("a", FileOpenMode.CreateNew);
        Assert.Equal(0, again.Length);
    });

    [Fact]
    public void Delete_of_what_is_no_file_does_nothing() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("folder", CancellationToken.None);
        await disk.PutAsync("folder/a", 1);
        await disk.DeleteAsync("missing", CancellationToken.None);
        await disk.DeleteAsync("missing/a", CancellationToken.None);
        await disk.DeleteAsync("folder/a/b", CancellationToken.None);
        await disk.DeleteAsync("folder", CancellationToken.None);
        Assert.Equal([1], await disk.GetAsync("folder/a"));
    });

    [Fact]
    public void List_gives_the_names_of_files_in_ordinal_order() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("folder/inner", CancellationToken.None);
        foreach (string name in (string[])["b", "a10", "a9", "B", "_", "a", "ä"])
        {
            await disk.PutAsync($"folder/{name}", 1);
        }

        await disk.PutAsync("folder/inner/c", 1);
        await disk.PutAsync("d", 1);
        Assert.Equal(["B", "_", "a", "a10", "a9", "b", "ä"], await disk.ListAsync("folder", CancellationToken.None));
        Assert.Equal(["c"], await disk.ListAsync("folder/inner", CancellationToken.None));
        Assert.Equal(["d"], await disk.ListAsync("", CancellationToken.None));
    });

    [Fact]
    public void List_of_an_empty_or_missing_folder_is_empty() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("folder", CancellationToken.None);
        await disk.PutAsync("a", 1);
        Assert.Empty(await disk.ListAsync("folder", CancellationToken.None));
        Assert.Empty(await disk.ListAsync("missing", CancellationToken.None));
        Assert.Empty(await disk.ListAsync("a", CancellationToken.None));
    });

    [Fact]
    public void Create_directory_makes_every_level_and_may_be_repeated() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("x/y/z", CancellationToken.None);
        await disk.PutAsync("x/y/z/a", 1);
        await disk.PutAsync("x/b", 1);
        await disk.CreateDirectoryAsync("x/y/z", CancellationToken.None);
        await disk.CreateDirectoryAsync("x", CancellationToken.None);
        await disk.CreateDirectoryAsync("", CancellationToken.None);
        Assert.Equal(["a"], await disk.ListAsync("x/y/z", CancellationToken.None));
    });

    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    public void Create_directory_over_a_file_fails(string directory) => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1);
        await FailsWithAsync(DiskError.AlreadyExists, () => disk.CreateDirectoryAsync(directory, CancellationToken.None));
        Assert.Equal([1], await disk.GetAsync("a"));
    });

    [Fact]
    public void Flush_directory_takes_any_folder_that_exists() => OnDisk(async disk =>
    {
        await disk.CreateDirectoryAsync("x/y", CancellationToken.None);
        await disk.PutAsync("x/y/a", 1);
        await disk.FlushDirectoryAsync("x/y", CancellationToken.None);
        await disk.FlushDirectoryAsync("x", CancellationToken.None);
        await disk.FlushDirectoryAsync("", CancellationToken.None);
        Assert.Equal([1], await disk.GetAsync("x/y/a"));
    });

    [Fact]
    public void Flush_directory_of_what_is_no_folder_fails_with_not_found() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1);
        await FailsWithAsync(DiskError.NotFound, () => disk.FlushDirectoryAsync("missing", CancellationToken.None));
        await FailsWithAsync(DiskError.NotFound, () => disk.FlushDirectoryAsync("a", CancellationToken.None));
    });

    [Fact]
    public void Paths_that_are_rooted_climb_or_have_empty_parts_are_refused() => OnDisk(async disk =>
    {
        CancellationToken none = CancellationToken.None;
        foreach (string path in BadPaths)
        {
            await FailsAsync<ArgumentException>(async () => await disk.OpenAsync(path, FileOpenMode.OpenOrCreate, none));
            await FailsAsync<ArgumentException>(async () => await disk.ExistsAsync(path, none));
            await FailsAsync<ArgumentException>(() => disk.DeleteAsync(path, none));
            await FailsAsync<ArgumentException>(() => disk.RenameAsync(path, "good", none));
            await FailsAsync<ArgumentException>(() => disk.RenameAsync("good", path, none));
            if (path.Length > 0)
            {
                await FailsAsync<ArgumentException>(async () => await disk.ListAsync(path, none));
                await FailsAsync<ArgumentException>(() => disk.CreateDirectoryAsync(path, none));
                await FailsAsync<ArgumentException>(() => disk.FlushDirectoryAsync(path, none));
            }
        }
    });

    [Fact]
    public void An_unknown_open_mode_is_refused() => OnDisk(async disk =>
        await FailsAsync<ArgumentOutOfRangeException>(async () => await disk.OpenAsync("a", (FileOpenMode)99)));

    [Fact]
    public void A_call_that_is_cancelled_before_it_begins_does_nothing() => OnDisk(async disk =>
    {
        await disk.PutAsync("a", 1);
        var cancelled = new CancellationToken(canceled: true);
        await FailsAsync<OperationCanceledException>(async () => await disk.OpenAsync("new", FileOpenMode.CreateNew, cancelled));
        await FailsAsync<OperationCanceledException>(async () => await disk.ExistsAsync("a", cancelled));
        await FailsAsync<OperationCanceledException>(() => disk.RenameAsync("a", "b", cancelled));
        await FailsAsync<OperationCanceledException>(() => disk.DeleteAsync("a", cancelled));
        await FailsAsync<OperationCanceledException>(async () => await disk.ListAsync("", cancelled));
        await FailsAsync<OperationCanceledException>(() => disk.CreateDirectoryAsync("folder", cancelled));
        await FailsAsync<OperationCanceledException>(() => disk.FlushDirectoryAsync("", cancelled));
        Assert.Equal(["a"], await disk.ListAsync("", CancellationToken.None));
        await FailsWithAsync(DiskError.NotFound, () => disk.FlushDirectoryAsync("folder", CancellationToken.None));
    });
}
