// Content that is to take the place of everything in a tree: it goes into tables of the bottom level that nothing refers to, until one edit of the manifest makes them
// the tree. A crash before that leaves orphans, which the next open removes.

using SimGraph.Runtime.Disk;
using SimGraph.Storage.Lsm.Compaction;
using SimGraph.Storage.Lsm.Tree;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm;

/// <summary>A tree's next content, written beside it. One owner; ends by <see cref="LsmTree.ReplaceAsync"/> or <see cref="AbandonAsync"/>.</summary>
public sealed class LsmReplacement
{
    private readonly TreeCore _core;
    private readonly TableOutput _output;
    private byte[] _lastKey = [];
    private int _lastKeyLength = -1;
    private bool _abandoned;

    internal LsmReplacement(TreeCore core, TableShelf shelf, ulong sequence)
    {
        _core = core;
        _output = new TableOutput(core, shelf, [], core.Options.TableBytes);
        Sequence = sequence;
    }

    /// <summary>The tree's sequence afterwards.</summary>
    public ulong Sequence { get; }

    internal bool IsFinished { get; private set; }

    internal IReadOnlyList<LsmTable> Tables => _output.Tables;

    /// <summary>Adds the next key, in ascending order.</summary>
    /// <exception cref="FormatException">The key is not behind the last one, or something is larger than the tree's limits.</exception>
    /// <exception cref="LsmException">The disk failed, or the tree is stopped: abandon it.</exception>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        _core.ThrowIfNotWritable();
        CheckNext(key.Span, value.Length);
        try
        {
            await _output.AddAsync(key, Sequence, value, cancellationToken);
        }
        catch (DiskException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>Everything was added: makes it durable.</summary>
    /// <exception cref="LsmException">The disk failed, or the tree is stopped: abandon it.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        _core.ThrowIfNotWritable();
        try
        {
            await _output.FinishAsync(cancellationToken);
        }
        catch (DiskException exception)
        {
            throw Failed(exception);
        }

        await TreeFolder.FlushAsync(_core, cancellationToken);
        IsFinished = true;
    }

    /// <summary>Throws it away. Idempotent.</summary>
    public async Task AbandonAsync()
    {
        if (!_abandoned)
        {
            _abandoned = true;
            IsFinished = false;
            await _output.AbandonAsync();
        }
    }

    private LsmException Failed(DiskException exception) =>
        new($"the next content of the tree in '{_core.Options.Folder}' could not be written: {exception.Message}", exception);

    private void CheckNext(ReadOnlySpan<byte> key, int valueBytes)
    {
        if (key.Length > _core.Options.KeyBytesMax || valueBytes > _core.Options.ValueBytesMax)
        {
            throw new FormatException($"a key of {key.Length} bytes with a value of {valueBytes} bytes is larger than the tree allows");
        }

        if (_lastKeyLength >= 0 && _lastKey.AsSpan(0, _lastKeyLength).SequenceCompareTo(key) >= 0)
        {
            throw new FormatException("keys do not ascend");
        }

        if (_lastKey.Length < key.Length)
        {
            _lastKey = new byte[key.Length * 2];
        }

        key.CopyTo(_lastKey);
        _lastKeyLength = key.Length;
    }
}
