// Properties of the storage model alone, against references that know nothing of pages, sectors or pending lists.

using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

public sealed class DiskModelTests
{
    private static readonly string[] Paths = ["a", "b", "x/a", "x/b", "x/y/a"];
    private static readonly string[] Folders = ["", "x", "x/y"];

    [Fact]
    public void Without_power_loss_the_disk_is_a_map_of_byte_arrays() => DiskChoices.Check(300, 200, choices =>
    {
        DiskChooser choose = choices.Chooser();
        var image = new DiskImage();
        image.CreateDirectory("x/y");
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        while (choices.AreLeft)
        {
            string path = Paths[choices.Next(Paths.Length)];
            string other = Paths[choices.Next(Paths.Length)];
            switch (choices.Next(7))
            {
                case 0:
                case 1:
                    Change(image, files, path, choices);
                    break;
                case 2 when files.ContainsKey(path):
                    image.Rename(path, other);
                    files.Remove(path, out byte[]? moved);
                    files[other] = moved!;
                    break;
                case 3:
                    image.Delete(path);
                    files.Remove(path);
                    break;
                case 4 when image.Find(path) is { } inode:
                    inode.Flush(inode.Mark - choices.Next(3));
                    break;
                case 5 when image.Find(path) is { } inode:
                    inode.FailFlush(inode.Mark, choose);
                    image.FindDirectory(DiskPath.DirectoryOf(path))!.FailFlush(image.NamesMark, choose);
                    break;
                case 6:
                    image.FindDirectory(DiskPath.DirectoryOf(path))!.Flush(image.NamesMark - choices.Next(3));
                    image.EndProcess();
                    break;
            }

            AssertSame(image, files);
        }
    });

    [Fact]
    public void After_power_loss_every_sector_is_one_of_its_versions_since_the_last_flush() => DiskChoices.Check(1_500, 150, choices =>
    {
        DiskChooser choose = choices.Chooser();
        DiskInode inode = NewFile(out DiskImage image);
        var history = new FileHistory();
        int changes = choices.Next(20);
        for (int change = 0; change < changes; change++)
        {
            ChangeOne(inode, history, choices);
            history.AssertVisible(Read(inode));
            if (choices.Next(8) == 7)
            {
                inode.Flush(inode.Mark);
                history.Flush();
            }
        }

        if (choices.Next(4) == 3)
        {
            inode.FailFlush(inode.Mark, choose);
            history.AssertVisible(Read(inode));
        }

        image.LosePower(choose);
        history.AssertSurvivor(Read(image.Find("file")!));
    });

    [Fact]
    public void After_power_loss_everything_flushed_is_there() => DiskChoices.Check(300, 150, choices =>
    {
        DiskChooser choose = choices.Chooser();
        DiskInode inode = NewFile(out DiskImage image);
        var history = new FileHistory();
        for (int change = choices.Next(20); change >= 0; change--)
        {
            ChangeOne(inode, history, choices);
        }

        inode.Flush(inode.Mark);
        image.LosePower(choose);
        history.AssertVisible(Read(image.Find("file")!));
    });

    [Fact]
    public void A_cut_that_survives_brings_along_the_sector_that_it_ends_in()
    {
        DiskInode inode = NewFile(out DiskImage image);
        inode.Write(0, Enumerable.Repeat((byte)1, 500).ToArray());
        inode.Flush(inode.Mark);
        inode.Write(0, [2]);
        inode.SetLength(300);
        inode.SetLength(400);

        // Each change alone: the write is lost, both lengths are kept.
        image.LosePower(static (what, _) => what switch { "disk.loss.file" => 3, "disk.loss.write" => 1, _ => 0 });
        byte[] survivor = Read(image.Find("file")!);
        Assert.Equal([2, .. Enumerable.Repeat((byte)1, 299), .. new byte[100]], survivor);
    }

    [Fact]
    public void A_flush_covers_the_changes_up_to_its_mark_and_no_others() => DiskChoices.Check(500, 250, choices =>
    {
        bool keepsRest = choices.Next(2) == 1;
        DiskInode inode = NewFile(out DiskImage image);
        var history = new FileHistory();
        for (int change = choices.Next(10); change > 0; change--)
        {
            ChangeOne(inode, history, choices);
        }

        long mark = inode.Mark;
        byte[] atMark = Read(inode);
        for (int change = choices.Next(10); change > 0; change--)
        {
            ChangeOne(inode, history, choices);
        }

        inode.Flush(mark);
        byte[] expected = keepsRest ? Read(inode) : atMark;
        image.LosePower((what, _) => what is "disk.loss.file" && !keepsRest ? 1u : 0u);
        Assert.True(expected.AsSpan().SequenceEqual(Read(image.Find("file")!)));
    });

    [Fact]
    public void After_power_loss_the_visible_and_the_durable_bytes_agree() => DiskChoices.Check(300, 150, choices =>
    {
        DiskChooser choose = choices.Chooser();
        DiskInode inode = NewFile(out DiskImage image);
        var history = new FileHistory();
        for (int change = choices.Next(20); change >= 0; change--)
        {
            ChangeOne(inode, history, choices);
        }

        image.LosePower(choose);
        byte[] survivor = Read(image.Find("file")!);

        // Nothing hides behind the end: a file that grows again grows over zeros.
        inode.SetLength(survivor.Length + 3_000);
        Assert.Equal(-1, Read(inode).AsSpan(survivor.Length).IndexOfAnyExcept((byte)0));
        image.LosePower(static (what, _) => what is "disk.loss.file" ? 1u : 0u);
        Assert.True(survivor.AsSpan().SequenceEqual(Read(image.Find("file")!)));
    });

    [Fact]
    public void After_power_loss_the_names_of_a_folder_are_those_of_one_moment_since_its_flush_and_no_move_loses_a_file() =>
        DiskChoices.Check(800, 150, choices =>
        {
            DiskChooser choose = choices.Chooser();
            var image = new DiskImage();
            image.CreateDirectory("x/y");
            var histories = Array.ConvertAll(Folders, _ => new List<string> { string.Empty });
            var lasting = new HashSet<long>();
            while (choices.AreLeft)
            {
                ChangeNames(image, lasting, choices);
                int flushed = choices.Next(4 * Folders.Length);
                for (int folder = 0; folder < Folders.Length; folder++)
                {
                    string names = Names(image, Folders[folder]);
                    if (flushed == folder)
                    {
                        image.FindDirectory(Folders[folder])!.Flush(image.NamesMark);
                        histories[folder].Clear();
                    }

                    histories[folder].Add(names);
                }

                if (flushed == 4 * Folders.Length - 1)
                {
                    FlushAll(image, histories);
                    lasting.UnionWith(image.Files().ConvertAll(file => file.Inode.Id));
                }
            }

            image.LosePower(choose);
            for (int folder = 0; folder < Folders.Length; folder++)
            {
                Assert.Contains(Names(image, Folders[folder]), histories[folder]);
            }

            lasting.ExceptWith(image.Files().ConvertAll(file => file.Inode.Id));
            Assert.Empty(lasting);
        });

    private static void ChangeNames(DiskImage image, HashSet<long> lasting, DiskChoices choices)
    {
        string path = Paths[choices.Next(Paths.Length)];
        string other = Paths[choices.Next(Paths.Length)];
        switch (choices.Next(4))
        {
            case 0:
                image.Close(image.Open(path, FileOpenMode.OpenOrCreate));
                break;
            case 1:
                lasting.Remove(image.Find(path)?.Id ?? 0);
                image.Delete(path);
                break;
            default:
                if (image.Find(path) is not null && path != other)
                {
                    // What it replaces may be gone.
                    lasting.Remove(image.Find(other)?.Id ?? 0);
                    image.Rename(path, other);
                }

                break;
        }
    }

    private static void FlushAll(DiskImage image, List<string>[] histories)
    {
        for (int folder = 0; folder < Folders.Length; folder++)
        {
            image.FindDirectory(Folders[folder])!.Flush(image.NamesMark);
            histories[folder].RemoveRange(0, histories[folder].Count - 1);
        }
    }

    private static string Names(DiskImage image, string folder) => string.Join(
        ',',
        image.List(folder).ConvertAll(name => $"{name}={image.Find(DiskPath.Join(folder, name))!.Id}"));

    private static DiskInode NewFile(out DiskImage image)
    {
        image = new DiskImage();
        DiskInode inode = image.Open("file", FileOpenMode.CreateNew);
        image.FindDirectory("")!.Flush(image.NamesMark);
        return inode;
    }

    private static void ChangeOne(DiskInode inode, FileHistory history, DiskChoices choices)
    {
        // Half of all changes meet in the first two sectors.
        int reach = choices.Next(2) == 0 ? 900 : 4_500;
        if (choices.Next(3) == 2)
        {
            int length = choices.Next(reach);
            inode.SetLength(length);
            history.SetLength(length);
            return;
        }

        int offset = choices.Next(reach);
        byte[] bytes = choices.Bytes(choices.Next(choices.Next(2) == 0 ? 300 : 3_000));
        inode.Write(offset, bytes);
        history.Write(offset, bytes);
    }

    private static void Change(DiskImage image, SortedDictionary<string, byte[]> files, string path, DiskChoices choices)
    {
        DiskInode inode = image.Open(path, FileOpenMode.OpenOrCreate);
        byte[] old = files.GetValueOrDefault(path, []);
        if (choices.Next(3) == 0)
        {
            int length = choices.Next(10_000);
            image.SetLength(inode, path, length);
            Array.Resize(ref old, length);
            files[path] = old;
        }
        else
        {
            int offset = choices.Next(9_000);
            byte[] bytes = choices.Bytes(1 + choices.Next(5_000));
            image.Write(inode, path, offset, bytes);
            byte[] next = new byte[Math.Max(old.Length, offset + bytes.Length)];
            old.CopyTo(next, 0);
            bytes.CopyTo(next, offset);
            files[path] = next;
        }

        image.Close(inode);
    }

    private static void AssertSame(DiskImage image, SortedDictionary<string, byte[]> files)
    {
        List<(string Path, DiskInode Inode)> actual = image.Files();
        actual.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        Assert.Equal(files.Keys, actual.ConvertAll(file => file.Path));
        long pages = 0;
        foreach ((string path, DiskInode inode) in actual)
        {
            Assert.True(files[path].AsSpan().SequenceEqual(Read(inode)), $"{path} differs");
            pages += inode.Visible.PagesHeld;
        }

        Assert.Equal(pages * SparseBytes.PageBytes, image.BytesUsed);
    }

    private static byte[] Read(DiskInode inode)
    {
        byte[] bytes = new byte[inode.Visible.Length];
        Assert.Equal(bytes.Length, inode.Visible.Read(0, bytes));
        return bytes;
    }
}
