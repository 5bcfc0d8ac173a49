// The names of one folder, twice: those that are seen and those that the device holds, with the list of changes between them. The file system
// journals its metadata, so a folder's changes become durable in their order: power loss keeps a prefix of them.

namespace SimGraph.Simulation.Disk;

/// <summary>A folder's visible names, durable names, and what is between them.</summary>
internal sealed class DiskDirectory : DiskNode
{
    private readonly SortedDictionary<string, DiskNode> _visible = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DiskNode> _durable = new(StringComparer.Ordinal);
    private readonly List<UnflushedName> _unflushed = [];

    internal IReadOnlyDictionary<string, DiskNode> Visible => _visible;

    internal IReadOnlyDictionary<string, DiskNode> Durable => _durable;

    internal IReadOnlyList<UnflushedName> Unflushed => _unflushed;

    /// <summary>Changes that power loss will keep, while it is being decided: those with a sequence up to this.</summary>
    internal long SurvivesTo { get; set; }

    internal void Change(in UnflushedName change)
    {
        Apply(_visible, change);
        _unflushed.Add(change);
    }

    /// <summary>Enters copies of this folder and of everything that its names stand for, visible or not, into the map.</summary>
    internal void Fork(Dictionary<DiskNode, DiskNode> copies)
    {
        var copy = new DiskDirectory();
        copies.Add(this, copy);
        ForkNodes(_visible.Values, copies);
        ForkNodes(_durable.Values, copies);
        foreach (UnflushedName change in _unflushed)
        {
            if (change.Node is not null)
            {
                Fork(change.Node, copies);
            }
        }
    }

    /// <summary>Gives a copy its names, when all copies are there.</summary>
    internal void FillFork(Dictionary<DiskNode, DiskNode> copies, Dictionary<RenameAcrossFolders, RenameAcrossFolders> renames)
    {
        var copy = (DiskDirectory)copies[this];
        foreach ((string name, DiskNode node) in _visible)
        {
            copy._visible.Add(name, copies[node]);
        }

        foreach ((string name, DiskNode node) in _durable)
        {
            copy._durable.Add(name, copies[node]);
        }

        foreach (UnflushedName change in _unflushed)
        {
            copy._unflushed.Add(change with
            {
                Node = change.Node is null ? null : copies[change.Node],
                Rename = change.Rename is null ? null : Fork(change.Rename, copies, renames),
            });
        }
    }

    /// <summary>Makes every change up to the mark durable, and the new names of what it moved elsewhere before that.</summary>
    internal void Flush(long mark)
    {
        int covered = 0;
        while (covered < _unflushed.Count && _unflushed[covered].Sequence <= mark)
        {
            covered++;
        }

        if (covered == 0)
        {
            return;
        }

        // Taken out first: a folder that files moved to may have had files moved here, and comes back for them.
        UnflushedName[] changes = [.. _unflushed[..covered]];
        _unflushed.RemoveRange(0, covered);
        foreach (UnflushedName change in changes)
        {
            if (change.Rename is { } rename && change.Removed is not null)
            {
                if (rename.Dropped)
                {
                    continue;
                }

                rename.Target.Flush(rename.Sequence);
            }

            Apply(_durable, change);
        }
    }

    /// <summary>A flush that failed: a chosen part from the start is durable, and no later flush makes up for the rest.</summary>
    internal void FailFlush(long mark, DiskChooser choose)
    {
        int covered = 0;
        while (covered < _unflushed.Count && _unflushed[covered].Sequence <= mark)
        {
            covered++;
        }

        int lost = (int)choose("disk.failed-flush.names", (uint)covered + 1);
        if (covered > lost)
        {
            Flush(_unflushed[covered - lost - 1].Sequence);
        }

        // A flush may have dragged in more than it was asked for, never less: what is left of the covered part is at the start.
        int dropped = 0;
        while (dropped < _unflushed.Count && _unflushed[dropped].Sequence <= mark)
        {
            UnflushedName change = _unflushed[dropped++];
            if (change.Rename is { } rename && change.Added is not null)
            {
                rename.Dropped = true;
            }
        }

        _unflushed.RemoveRange(0, dropped);
    }

    /// <summary>Lowers <see cref="SurvivesTo"/> below a move whose new name will not survive. True if it did.</summary>
    internal bool HoldBackRenames()
    {
        foreach (UnflushedName change in _unflushed)
        {
            if (change.Sequence > SurvivesTo)
            {
                break;
            }

            if (change.Removed is not null && change.Rename is { Dropped: false } rename && !rename.Target.WillHold(rename.Sequence))
            {
                SurvivesTo = change.Sequence - 1;
                return true;
            }
        }

        return false;
    }

    /// <summary>Keeps the changes up to <see cref="SurvivesTo"/> and forgets the rest.</summary>
    internal void LosePower()
    {
        foreach (UnflushedName change in _unflushed)
        {
            if (change.Sequence > SurvivesTo)
            {
                break;
            }

            if (change.Removed is null || change.Rename is not { Dropped: true })
            {
                Apply(_durable, change);
            }
        }

        _unflushed.Clear();
        _visible.Clear();
        foreach ((string name, DiskNode node) in _durable)
        {
            _visible.Add(name, node);
        }
    }

    // Flushed already, so that it is no longer listed, or kept now.
    private bool WillHold(long sequence) => sequence <= SurvivesTo || _unflushed.Count == 0 || _unflushed[0].Sequence > sequence;

    private static void ForkNodes(SortedDictionary<string, DiskNode>.ValueCollection nodes, Dictionary<DiskNode, DiskNode> copies)
    {
        foreach (DiskNode node in nodes)
        {
            Fork(node, copies);
        }
    }

    private static void Fork(DiskNode node, Dictionary<DiskNode, DiskNode> copies)
    {
        if (copies.ContainsKey(node))
        {
            return;
        }

        if (node is DiskDirectory directory)
        {
            directory.Fork(copies);
        }
        else
        {
            copies.Add(node, ((DiskInode)node).Fork());
        }
    }

    private static RenameAcrossFolders Fork(
        RenameAcrossFolders rename, Dictionary<DiskNode, DiskNode> copies, Dictionary<RenameAcrossFolders, RenameAcrossFolders> renames)
    {
        if (!renames.TryGetValue(rename, out RenameAcrossFolders? copy))
        {
            copy = new RenameAcrossFolders((DiskDirectory)copies[rename.Target], rename.Sequence) { Dropped = rename.Dropped };
            renames.Add(rename, copy);
        }

        return copy;
    }

    private static void Apply(SortedDictionary<string, DiskNode> names, in UnflushedName change)
    {
        if (change.Removed is not null)
        {
            names.Remove(change.Removed);
        }

        if (change.Added is not null)
        {
            names[change.Added] = change.Node!;
        }
    }
}
