using Microsoft.Win32.SafeHandles;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>The floor: one positional write and one flush of the device, and nothing else. With zeros ahead, the flush has no metadata to write.</summary>
internal sealed class RawFileLog(string folder, bool zerosAhead) : IMeasuredLog
{
    private const int ZeroBytes = 64 << 20;
    private readonly SafeFileHandle _file = File.OpenHandle(Path.Join(folder, "raw"), FileMode.CreateNew, FileAccess.ReadWrite);
    private byte[] _batch = [];
    private long _offset;
    private long _zeroedTo;

    public static LogContender Contender(string name, bool zerosAhead) => new(
        name, TakesManyWriters: false, Blocks: true, folder => Task.FromResult<IMeasuredLog>(new RawFileLog(folder, zerosAhead)));

    public Task AppendAsync(byte[] payload)
    {
        Write(payload);
        return Task.CompletedTask;
    }

    public Task AppendBatchAsync(byte[] payload, int count)
    {
        if (_batch.Length != payload.Length * count)
        {
            _batch = [.. Enumerable.Repeat(payload, count).SelectMany(bytes => bytes)];
        }

        Write(_batch);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(byte[] bytes)
    {
        if (zerosAhead && _offset + bytes.Length > _zeroedTo)
        {
            RandomAccess.Write(_file, new byte[ZeroBytes], _offset);
            RandomAccess.FlushToDisk(_file);
            _zeroedTo = _offset + ZeroBytes;
        }

        RandomAccess.Write(_file, bytes, _offset);
        RandomAccess.FlushToDisk(_file);
        _offset += bytes.Length;
    }
}
