// Forks of the storage model share what they can. What one of them does must never show in another.

using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

public sealed class DiskForkTests
{
    private static readonly string[] Paths = ["a", "b", "x/a", "x/b"];

    [Fact]
    public void Nothing_that_is_done_to_a_disk_shows_in_its_forks() => DiskChoices.Check(400, 200, choices =>
    {
        DiskChooser choose = choices.Chooser();
        var image = new DiskImage();
        image.CreateDirectory("x");
        var images = new List<(DiskImage Image, SortedDictionary<string, byte[]> Files)> { (image, new SortedDictionary<string, byte[]>(StringComparer.Ordinal)) };
        while (choices.AreLeft)
        {
            int which = choices.Next(images.Count);
            (DiskImage disk, SortedDictionary<string, byte[]> files) = images[which];
            if (choices.Next(4) == 0 && images.Count < 8)
            {
                images.Add((disk.Fork(out _), new SortedDictionary<string, byte[]>(files, StringComparer.Ordinal)));
                continue;
            }

            Do(disk, files, Paths[choices.Next(Paths.Length)], Paths[choices.Next(Paths.Length)], choices, choose);
            foreach ((DiskImage other, SortedDictionary<string, byte[]> expected) in images)
            {
                Assert.Equal(Describe(expected), Describe(Visible(other)));
            }
        }
    });

    [Fact]
    public void A_fork_loses_the_same_as_its_original() => DiskChoices.Check(400, 150, choices =>
    {
        var image = new DiskImage();
        image.CreateDirectory("x");
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        DiskChooser choose = choices.Chooser();
        int seed = choices.Next(int.MaxValue);
        while (choices.AreLeft)
        {
            Do(image, files, Paths[choices.Next(Paths.Length)], Paths[choices.Next(Paths.Length)], choices, choose);
        }

        DiskImage fork = image.Fork(out _);
        DiskImage forkOfFork = fork.Fork(out _);
        fork.LosePower(new DiskChoices([seed]).Chooser());
        forkOfFork.LosePower(new DiskChoices([seed]).Chooser());
        image.LosePower(new DiskChoices([seed]).Chooser());

        Assert.Equal(image.Digest(), fork.Digest());
        Assert.Equal(image.Digest(), forkOfFork.Digest());
        Assert.Equal(Describe(Visible(image)), Describe(Visible(forkOfFork)));
    });

    [Fact]
    public void The_digest_tells_one_changed_byte()
    {
        var image = new DiskImage();
        DiskInode inode = image.Open("a", FileOpenMode.CreateNew);
        image.Write(inode, "a", 5_000, [1, 2, 3]);
        inode.Flush(inode.Mark);
        UInt128 before = image.Digest();

        Assert.True(inode.FlipBit(5_001, 0));

        Assert.NotEqual(before, image.Digest());
    }

    private static void Do(
        DiskImage disk, SortedDictionary<string, byte[]> files, string path, string other, DiskChoices choices, DiskChooser choose)
    {
        switch (choices.Next(8))
        {
            case 0 when files.ContainsKey(path):
                disk.Rename(path, other);
                files.Remove(path, out byte[]? moved);
                files[other] = moved!;
                break;
            case 1:
                disk.Delete(path);
                files.Remove(path);
                break;
            case 2 when disk.Find(path) is { } inode:
                inode.Flush(inode.Mark - choices.Next(3));
                break;
            case 3 when disk.Find(path) is { } inode:
                inode.FailFlush(inode.Mark, choose);
                break;
            case 4:
                disk.FindDirectory("x")!.Flush(disk.NamesMark - choices.Next(3));
                break;
            default:
                Change(disk, files, path, choices);
                break;
        }
    }

    private static void Change(DiskImage disk, SortedDictionary<string, byte[]> files, string path, DiskChoices choices)
    {
        DiskInode inode = disk.Open(path, FileOpenMode.OpenOrCreate);
        byte[] old = files.GetValueOrDefault(path) ?? [];
        int offset = choices.Next(12_000);
        if (choices.Next(4) == 0)
        {
            disk.SetLength(inode, path, offset);
            files[path] = [.. old.Take(offset), .. new byte[Math.Max(0, offset - old.Length)]];
        }
        else
        {
            byte[] bytes = choices.Bytes(1 + choices.Next(2_000));
            disk.Write(inode, path, offset, bytes);
            byte[] changed = new byte[Math.Max(old.Length, offset + bytes.Length)];
            old.CopyTo(changed, 0);
            bytes.CopyTo(changed, offset);
            files[path] = changed;
        }

        disk.Close(inode);
    }

    private static SortedDictionary<string, byte[]> Visible(DiskImage disk)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string path, DiskInode inode) in disk.Files())
        {
            byte[] bytes = new byte[inode.Visible.Length];
            inode.Visible.Read(0, bytes);
            files.Add(path, bytes);
        }

        return files;
    }

    private static string Describe(SortedDictionary<string, byte[]> files) =>
        string.Join(' ', files.Select(file => $"{file.Key}:{file.Value.Length}:{Convert.ToHexString(System.IO.Hashing.XxHash3.Hash(file.Value))}"));
}
