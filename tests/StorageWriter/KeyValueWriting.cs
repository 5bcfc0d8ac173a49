using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.StorageWriter;

/// <summary>Writes numbered batches to a key-value store, a few at a time, with a tree so small that it flushes and compacts all the time.</summary>
public static class KeyValueWriting
{
    /// <summary>Keys that the batches go round, one after the other.</summary>
    public const ulong Keys = 97;

    /// <summary>A small tree and a small log.</summary>
    public static KeyValueOptions Options { get; } = new()
    {
        Tree = new LsmOptions
        {
            Folder = "kv-tree", MemtableBytes = 8 << 10, LevelOneBytes = 16 << 10, TableBytes = 4 << 10, BlockBytes = 512, ManifestBytesMax = 2 << 10,
        },
        Log = new WriteAheadLogOptions { Directory = "kv-wal", SegmentBytesMax = 8 << 10 },
    };

    /// <summary>The key that says which batch was the last one; each batch sets it.</summary>
    public static byte[] LastKey { get; } = "last"u8.ToArray();

    /// <summary>The key of a batch; every seventh batch deletes it instead of setting it.</summary>
    public static byte[] Key(ulong number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key-{number % Keys:D3}"));

    /// <summary>The value of a batch; null if it deletes.</summary>
    public static byte[]? Value(ulong number)
    {
        if (number % 7 == 0)
        {
            return null;
        }

        byte[] value = new byte[8 + (number % 120)];
        BinaryPrimitives.WriteUInt64LittleEndian(value, number);
        return value;
    }

    internal static async Task RunAsync(IPlatform platform, TaskScope scope, Report report, CancellationToken stop)
    {
        const int BatchesAtOnce = 3;
        KeyValueStore store = await KeyValueStore.OpenAsync(platform, scope, Options, stop);
        report.Say("kv-opened", 0);
        LsmValue last = await store.GetAsync(LastKey, at: null, stop);
        ulong number = last.Found ? BinaryPrimitives.ReadUInt64LittleEndian(last.Value.Span) : 0;
        var writes = new Queue<(Task Write, ulong Number)>();
        while (!stop.IsCancellationRequested)
        {
            number++;
            writes.Enqueue((store.WriteAsync(Batch(number), stop), number));
            if (writes.Count >= BatchesAtOnce)
            {
                (Task write, ulong durable) = writes.Dequeue();
                await write;
                report.Say("kv", durable);
            }
        }
    }

    private static WriteBatch Batch(ulong number)
    {
        var batch = new WriteBatch();
        if (Value(number) is { } value)
        {
            batch.Put(Key(number), value);
        }
        else
        {
            batch.Delete(Key(number));
        }

        byte[] last = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(last, number);
        batch.Put(LastKey, last);
        return batch;
    }
}
