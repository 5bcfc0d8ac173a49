// A disk at one moment, apart from its machine: what a power loss or a crash then would leave can be made of it again and again, each time with other
// decisions, without running what led to it again. Forks share pages until they are written to, so a snapshot for every disk operation is cheap.

namespace SimGraph.Simulation.Disk;

/// <summary>A disk at one moment, with the calls that were in flight. It never changes.</summary>
public sealed class DiskSnapshot
{
    private readonly List<InFlightChange> _inFlight;

    internal DiskSnapshot(DiskImage image, List<InFlightChange> inFlight)
    {
        Image = image;
        _inFlight = inFlight;
        Pending = inFlight.Count + image.UnflushedChanges();
    }

    /// <summary>A disk on which nothing was ever written.</summary>
    public static DiskSnapshot Empty { get; } = new(new DiskImage(), []);

    /// <summary>How many changes a power loss now could undo or finish.</summary>
    public int Pending { get; }

    /// <summary>Paths of all files, in ordinal order within each folder.</summary>
    public IReadOnlyList<string> Files => Image.Files().ConvertAll(static file => file.Path);

    internal DiskImage Image { get; }

    /// <summary>The disk after the process has ended here, without or with a loss of power.</summary>
    /// <param name="losesPower">False for a process that is killed: everything that was written stays visible, flushed or not.</param>
    /// <param name="choose">Decides what survives; 0 is always the mildest. It is asked by the names that <see cref="SimulatedDisk"/> uses for its choices.</param>
    public DiskSnapshot After(bool losesPower, DiskChooser choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        DiskChooser unlessCertain = (what, bound) => bound == 1 ? 0 : choose(what, bound);
        DiskImage image = Image.Fork(out DiskCopies copies);
        foreach (InFlightChange change in _inFlight)
        {
            change.Orphaned(image, copies, unlessCertain);
        }

        if (losesPower)
        {
            image.LosePower(unlessCertain);
        }
        else
        {
            image.EndProcess();
        }

        return new DiskSnapshot(image, []);
    }

    /// <summary>The disk with one bit flipped that was durable; null when there is no such file or byte.</summary>
    public DiskSnapshot? WithFlippedBit(string path, long offset, int bit)
    {
        DiskImage image = Image.Fork(out _);
        return image.Find(path)?.FlipBit(offset, bit) == true ? new DiskSnapshot(image, []) : null;
    }

    /// <summary>How many bytes of a file are durable; 0 when there is none of this name.</summary>
    public long DurableBytesOf(string path) => Image.Find(path)?.Durable.Length ?? 0;

    /// <summary>A hash of the names and bytes that are durable. After a power loss that is all there is.</summary>
    public UInt128 Digest() => Image.Digest();
}
