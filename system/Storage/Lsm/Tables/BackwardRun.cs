// Prefix compression reads forward only: the key of an entry is made from the key before. To go backward, the entries from a restart point up to
// where the cursor is are read once and kept, with their keys, and then handed out last to first.

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The entries between a restart point and a position, to be walked backward. Not thread-safe.</summary>
internal sealed class BackwardRun
{
    private readonly List<Step> _steps = [];
    private byte[] _keys = new byte[256];
    private int _keysLength;

    /// <summary>Entries in it.</summary>
    public int Count => _steps.Count;

    /// <summary>Holds all keys; replaced when it grows.</summary>
    public byte[] KeyArray => _keys;

    public Step this[int index] => _steps[index];

    public ReadOnlySpan<byte> KeyOf(int index) => _keys.AsSpan(_steps[index].KeyOffset, _steps[index].KeyLength);

    /// <summary>Reads the entries from a restart point up to the end position, which is that of an entry or of the block's end.</summary>
    public void Fill(TableBlock block, int restart, int end)
    {
        _steps.Clear();
        _keysLength = 0;
        int position = block.RestartAt(restart);
        int lengthBefore = 0;
        while (position < end)
        {
            block.Read(position, lengthBefore, out TableEntry entry);
            if (_steps.Count == TableLimits.RestartIntervalMax)
            {
                throw block.NewDamage("a restart point is missing");
            }

            int length = entry.Shared + entry.Unshared;
            if (length > _keys.Length - _keysLength)
            {
                Array.Resize(ref _keys, Math.Max(_keysLength + length, 2 * _keys.Length));
            }

            Span<byte> key = _keys.AsSpan(_keysLength, length);
            _keys.AsSpan(_keysLength - lengthBefore, entry.Shared).CopyTo(key);
            block.Array.AsSpan(entry.KeyOffset, entry.Unshared).CopyTo(key[entry.Shared..]);
            _steps.Add(new Step(position, _keysLength, length, entry));
            _keysLength += length;
            lengthBefore = length;
            position = entry.Next;
        }

        if (position != end || _steps.Count == 0)
        {
            throw block.NewDamage("a restart point is not an entry");
        }
    }

    /// <summary>One entry of a run.</summary>
    internal readonly record struct Step(int Position, int KeyOffset, int KeyLength, TableEntry Entry);
}
