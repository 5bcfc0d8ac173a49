using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Backup.Files;

/// <summary>Checks chunks as whoever installs them would: whole pairs, keys in ascending order. For a backup that is verified and not restored.</summary>
internal sealed class PairOrder
{
    private byte[] _last = [];
    private bool _any;

    /// <summary>Pairs so far.</summary>
    public long Pairs { get; private set; }

    /// <summary>Looks at the next chunk.</summary>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public void Check(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            (int key, int value) = StagedState.ReadHead(chunk);
            ReadOnlySpan<byte> bytes = chunk.Slice(FrozenState.PairHeadBytes, key);
            if (_any && bytes.SequenceCompareTo(_last) <= 0)
            {
                throw new FormatException($"the keys of pairs {Pairs - 1} and {Pairs} do not ascend");
            }

            _last = bytes.ToArray();
            _any = true;
            Pairs++;
            chunk = chunk[(FrozenState.PairHeadBytes + key + value)..];
        }
    }
}
