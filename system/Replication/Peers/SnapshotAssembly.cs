using System.IO.Hashing;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;
using SimGraph.Storage.Snapshots;

namespace SimGraph.Replication.Peers;

/// <summary>Puts the chunks of one snapshot together. Memory grows with what arrived, not with what was announced.</summary>
internal sealed class SnapshotAssembly
{
    private readonly SnapshotHeader _header;
    private byte[] _data = [];
    private int _length;

    /// <exception cref="ProtocolException">Larger than allowed.</exception>
    public SnapshotAssembly(SnapshotHeader header, long bytesMax)
    {
        if (header.DataLength > (ulong)bytesMax)
        {
            throw new ProtocolException($"a snapshot of {header.DataLength} bytes was announced; at most {bytesMax} are allowed");
        }

        _header = header;
    }

    /// <summary>Adds the next bytes.</summary>
    /// <exception cref="ProtocolException">None, or more than announced.</exception>
    public void Add(ReadOnlySpan<byte> chunk)
    {
        int announced = (int)_header.DataLength;
        if (chunk.Length == 0 || chunk.Length > announced - _length)
        {
            throw new ProtocolException($"a snapshot chunk of {chunk.Length} bytes behind {_length} of {announced}");
        }

        if (_data.Length - _length < chunk.Length)
        {
            long doubled = Math.Max(_data.Length * 2L, _length + chunk.Length);
            Array.Resize(ref _data, (int)Math.Min(doubled, announced));
        }

        chunk.CopyTo(_data.AsSpan(_length));
        _length += chunk.Length;
    }

    /// <summary>The snapshot, complete and as announced.</summary>
    /// <param name="position">What the consensus message says that it covers.</param>
    /// <exception cref="ProtocolException">Incomplete, damaged, or another one.</exception>
    public StoredSnapshot Complete(LogPosition position)
    {
        if (position != _header.Position)
        {
            throw new ProtocolException($"the snapshot at {_header.Position} was sent with a message about {position}");
        }

        if ((ulong)_length != _header.DataLength)
        {
            throw new ProtocolException($"the snapshot at {position} ends after {_length} of {_header.DataLength} bytes");
        }

        if (XxHash3.HashToUInt64(_data.AsSpan(0, _length)) != _header.DataHash)
        {
            throw new ProtocolException($"the bytes of the snapshot at {position} are not those that were announced");
        }

        return new StoredSnapshot(position, _data.AsMemory(0, _length));
    }
}
