// The storage of one machine, without time, tasks or faults that strike by themselves: a tree of folders and files, each with what is seen and what is
// durable. It outlives processes. What power loss takes is decided by the chooser that is passed in, so the model needs no simulator and can be
// tested on its own.

using System.IO.Hashing;
using System.Runtime.InteropServices;
using SimGraph.Runtime.Disk;

namespace SimGraph.Simulation.Disk;

/// <summary>Folders and files as a process sees them, and as the device holds them.</summary>
internal sealed class DiskImage
{
    private readonly DiskDirectory _root;
    private long _nextInode;
    private long _sequence;
    private long _pagesUsed;

    internal DiskImage()
    {
        _root = new DiskDirectory();
    }

    private DiskImage(DiskImage original, Dictionary<DiskNode, DiskNode> copies)
    {
        original._root.Fork(copies);
        var renames = new Dictionary<RenameAcrossFolders, RenameAcrossFolders>(ReferenceEqualityComparer.Instance);
        foreach (DiskNode node in copies.Keys)
        {
            (node as DiskDirectory)?.FillFork(copies, renames);
        }

        _root = (DiskDirectory)copies[original._root];
        _nextInode = original._nextInode;
        _sequence = original._sequence;
        _pagesUsed = original._pagesUsed;
        CapacityBytes = original.CapacityBytes;
        IsFull = original.IsFull;
        HasForgotten = original.HasForgotten;
    }

    /// <summary>Space for files.</summary>
    internal long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>While true nothing that needs space succeeds.</summary>
    internal bool IsFull { get; set; }

    /// <summary>True from a flush that failed until power loss: readers may see what no later flush makes durable.</summary>
    internal bool HasForgotten { get; set; }

    /// <summary>Bytes that files hold, in whole pages.</summary>
    internal long BytesUsed => _pagesUsed * SparseBytes.PageBytes;

    /// <summary>Every change of names so far is at or before it.</summary>
    internal long NamesMark => _sequence;

    private long PagesFree => IsFull ? 0 : Math.Max(0, (CapacityBytes / SparseBytes.PageBytes) - _pagesUsed);

    /// <summary>The same disk once more: changes of either are not seen by the other. Costs a few objects for each file, and no bytes.</summary>
    internal DiskImage Fork(out DiskCopies copies)
    {
        var nodes = new Dictionary<DiskNode, DiskNode>(ReferenceEqualityComparer.Instance);
        var fork = new DiskImage(this, nodes);
        copies = new DiskCopies(nodes);
        return fork;
    }

    internal DiskInode? Find(string path) =>
        FindDirectory(DiskPath.DirectoryOf(path)) is { } directory
            ? directory.Visible.GetValueOrDefault(DiskPath.NameOf(path)) as DiskInode
            : null;

    internal DiskDirectory? FindDirectory(string path)
    {
        DiskDirectory? directory = _root;
        if (path.Length > 0)
        {
            foreach (string name in path.Split('/'))
            {
                directory = directory.Visible.GetValueOrDefault(name) as DiskDirectory;
                if (directory is null)
                {
                    return null;
                }
            }
        }

        return directory;
    }

    internal DiskInode Open(string path, FileOpenMode mode)
    {
        DiskDirectory directory = FindDirectory(DiskPath.DirectoryOf(path))
            ?? throw new DiskException(DiskError.NotFound, path, "the folder does not exist");
        string name = DiskPath.NameOf(path);
        DiskNode? node = directory.Visible.GetValueOrDefault(name);
        if (mode == FileOpenMode.Existing)
        {
            return Opened(node as DiskInode ?? throw new DiskException(DiskError.NotFound, path, "there is no such file"));
        }

        if (node is DiskDirectory)
        {
            throw new DiskException(DiskError.AlreadyExists, path, "a folder of that name exists");
        }

        if (node is DiskInode existing)
        {
            return mode == FileOpenMode.OpenOrCreate
                ? Opened(existing)
                : throw new DiskException(DiskError.AlreadyExists, path, "the file exists already");
        }

        if (PagesFree == 0)
        {
            throw new DiskException(DiskError.Full, path, "the file could not be created: no space is left");
        }

        var created = new DiskInode(++_nextInode) { Links = 1 };
        directory.Change(new UnflushedName(++_sequence, Removed: null, name, created, Rename: null));
        return Opened(created);
    }

    internal void Close(DiskInode inode)
    {
        inode.Opens--;
        ReleaseIfUnreachable(inode);
    }

    internal void Rename(string source, string target)
    {
        DiskDirectory from = FindDirectory(DiskPath.DirectoryOf(source))
            ?? throw new DiskException(DiskError.NotFound, source, "the folder does not exist");
        string oldName = DiskPath.NameOf(source);
        if (from.Visible.GetValueOrDefault(oldName) is not DiskInode inode)
        {
            throw new DiskException(DiskError.NotFound, source, "there is no such file");
        }

        DiskDirectory to = FindDirectory(DiskPath.DirectoryOf(target))
            ?? throw new DiskException(DiskError.NotFound, target, "the folder does not exist");
        string newName = DiskPath.NameOf(target);
        DiskNode? replaced = to.Visible.GetValueOrDefault(newName);
        if (replaced is DiskDirectory)
        {
            throw new DiskException(DiskError.AlreadyExists, target, "a folder of that name exists");
        }

        if (replaced == inode)
        {
            return;
        }

        if (from == to)
        {
            from.Change(new UnflushedName(++_sequence, oldName, newName, inode, Rename: null));
        }
        else
        {
            var rename = new RenameAcrossFolders(to, ++_sequence);
            to.Change(new UnflushedName(rename.Sequence, Removed: null, newName, inode, rename));
            from.Change(new UnflushedName(++_sequence, oldName, Added: null, Node: null, rename));
        }

        if (replaced is DiskInode old)
        {
            Unlink(old);
        }
    }

    internal void Delete(string path)
    {
        DiskDirectory? directory = FindDirectory(DiskPath.DirectoryOf(path));
        string name = DiskPath.NameOf(path);
        if (directory?.Visible.GetValueOrDefault(name) is DiskInode inode)
        {
            directory.Change(new UnflushedName(++_sequence, name, Added: null, Node: null, Rename: null));
            Unlink(inode);
        }
    }

    internal List<string> List(string path)
    {
        var names = new List<string>();
        if (FindDirectory(path) is { } directory)
        {
            // The folder keeps its names in ordinal order.
            foreach ((string name, DiskNode node) in directory.Visible)
            {
                if (node is DiskInode)
                {
                    names.Add(name);
                }
            }
        }

        return names;
    }

    /// <summary>Creates the folder and those above it, durably: what was pending in the folders above goes with it, as in a journal.</summary>
    internal void CreateDirectory(string path)
    {
        DiskDirectory directory = _root;
        string above = string.Empty;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            above = DiskPath.Join(above, name);
            DiskNode? node = directory.Visible.GetValueOrDefault(name);
            if (node is DiskInode)
            {
                throw new DiskException(DiskError.AlreadyExists, above, "the folder cannot be created: a file of that name exists");
            }

            if (node is not DiskDirectory inner)
            {
                if (PagesFree == 0)
                {
                    throw new DiskException(DiskError.Full, above, "the folder could not be created: no space is left");
                }

                inner = new DiskDirectory();
                directory.Change(new UnflushedName(++_sequence, Removed: null, name, inner, Rename: null));
                directory.Flush(_sequence);
            }

            directory = inner;
        }
    }

    /// <summary>Writes as much from the start as there is space for.</summary>
    /// <exception cref="DiskException">Not all of it fitted.</exception>
    internal void Write(DiskInode inode, string path, long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset > SparseBytes.LengthMax - bytes.Length)
        {
            throw new DiskException(DiskError.InputOutput, path, $"{bytes.Length} bytes at {offset} end behind the largest length of a file");
        }

        int fitting = inode.Visible.Fitting(offset, bytes.Length, PagesFree);
        int pagesBefore = inode.Visible.PagesHeld;
        inode.Write(offset, bytes[..fitting]);
        _pagesUsed += inode.Visible.PagesHeld - pagesBefore;
        if (fitting < bytes.Length)
        {
            throw new DiskException(DiskError.Full, path, $"{fitting} of {bytes.Length} bytes at {offset} were written: no space is left");
        }
    }

    internal void SetLength(DiskInode inode, string path, long length)
    {
        if (length > SparseBytes.LengthMax)
        {
            throw new DiskException(DiskError.InputOutput, path, $"{length} is behind the largest length of a file");
        }

        int pagesBefore = inode.Visible.PagesHeld;
        inode.SetLength(length);
        _pagesUsed += inode.Visible.PagesHeld - pagesBefore;
    }

    /// <summary>The process is gone: its handles are closed, and the page cache stays.</summary>
    internal void EndProcess()
    {
        foreach ((_, DiskInode inode) in Files())
        {
            inode.Opens = 0;
        }

        CountPages();
    }

    /// <summary>The power fails: what was not flushed survives as the chooser says.</summary>
    internal DiskLoss LosePower(DiskChooser choose)
    {
        int namesLost = DecideNames(choose);
        var directories = new List<DiskDirectory>();
        Collect(_root, directories);
        foreach (DiskDirectory directory in directories)
        {
            directory.LosePower();
        }

        var loss = new DiskLoss(namesLost, 0, 0);
        foreach ((_, DiskInode inode) in Files())
        {
            loss += inode.LosePower(choose);
        }

        HasForgotten = false;
        CountPages();
        return loss;
    }

    /// <summary>Every file that has a name, with its path, in a fixed order.</summary>
    internal List<(string Path, DiskInode Inode)> Files()
    {
        var files = new List<(string, DiskInode)>();
        Collect(_root, string.Empty, files);
        return files;
    }

    /// <summary>How many changes, of names and of files that have one, are not durable yet.</summary>
    internal int UnflushedChanges()
    {
        var directories = new List<DiskDirectory>();
        Collect(_root, directories);
        int count = 0;
        foreach (DiskDirectory directory in directories)
        {
            count += directory.Unflushed.Count;
        }

        foreach ((_, DiskInode inode) in Files())
        {
            count += inode.Unflushed.Count;
        }

        return count;
    }

    /// <summary>A hash of names and bytes that are durable; at rest, after power loss, that is all there is.</summary>
    internal UInt128 Digest()
    {
        var hash = new XxHash128();
        foreach ((string path, DiskInode inode) in Files())
        {
            hash.Append(MemoryMarshal.AsBytes(path.AsSpan()));
            inode.Durable.AppendTo(hash);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    // The journal keeps a prefix of each folder's changes. A name that moved elsewhere is not gone from here before it is there.
    private int DecideNames(DiskChooser choose)
    {
        var directories = new List<DiskDirectory>();
        Collect(_root, directories);
        int lostInAll = 0;
        foreach (DiskDirectory directory in directories)
        {
            int count = directory.Unflushed.Count;
            int kept = count == 0 ? 0 : count - (int)choose("disk.loss.names", (uint)count + 1);
            directory.SurvivesTo = kept == 0 ? 0 : directory.Unflushed[kept - 1].Sequence;
            lostInAll += count - kept;
        }

        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (DiskDirectory directory in directories)
            {
                changed |= directory.HoldBackRenames();
            }
        }

        return lostInAll;
    }

    private static void Collect(DiskDirectory directory, List<DiskDirectory> found)
    {
        found.Add(directory);
        foreach (DiskNode node in directory.Visible.Values)
        {
            if (node is DiskDirectory inner)
            {
                Collect(inner, found);
            }
        }
    }

    private static void Collect(DiskDirectory directory, string path, List<(string Path, DiskInode Inode)> found)
    {
        foreach ((string name, DiskNode node) in directory.Visible)
        {
            if (node is DiskInode inode)
            {
                found.Add((DiskPath.Join(path, name), inode));
            }
            else
            {
                Collect((DiskDirectory)node, DiskPath.Join(path, name), found);
            }
        }
    }

    private static DiskInode Opened(DiskInode inode)
    {
        inode.Opens++;
        return inode;
    }

    private void Unlink(DiskInode inode)
    {
        inode.Links--;
        ReleaseIfUnreachable(inode);
    }

    private void ReleaseIfUnreachable(DiskInode inode)
    {
        if (inode.Links == 0 && inode.Opens == 0)
        {
            _pagesUsed -= inode.Visible.PagesHeld;
        }
    }

    private void CountPages()
    {
        _pagesUsed = 0;
        List<(string Path, DiskInode Inode)> files = Files();
        foreach ((_, DiskInode inode) in files)
        {
            inode.Links = 0;
        }

        foreach ((_, DiskInode inode) in files)
        {
            _pagesUsed += inode.Links++ == 0 ? inode.Visible.PagesHeld : 0;
        }
    }
}
