using Microsoft.Data.Sqlite;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Peers.Stores;

/// <summary>A table of SQLite without row ids, 32 MiB of page cache. One connection: one writer.</summary>
internal sealed class SqliteStore : IMeasuredStore
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteParameter _putKey;
    private readonly SqliteParameter _putValue;
    private readonly SqliteCommand _get;
    private readonly SqliteParameter _getKey;

    private SqliteStore(string folder, StoreDurability durability)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Join(folder, "store.db"), Pooling = false }.ToString());
        _connection.Open();
        Execute(durability == StoreDurability.Flushed ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL" : "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
        Execute("PRAGMA cache_size=-32768; CREATE TABLE store(key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID");
        _put = _connection.CreateCommand();
        _put.CommandText = "INSERT OR REPLACE INTO store(key, value) VALUES ($key, $value)";
        _putKey = _put.Parameters.Add("$key", SqliteType.Blob);
        _putValue = _put.Parameters.Add("$value", SqliteType.Blob);
        _put.Prepare();
        _get = _connection.CreateCommand();
        _get.CommandText = "SELECT value FROM store WHERE key = $key";
        _getKey = _get.Parameters.Add("$key", SqliteType.Blob);
        _get.Prepare();
    }

    public static StoreContender Contender { get; } = new(
        "SQLite 10.0.11", TakesManyWriters: false, Blocks: true, (folder, durability) => Task.FromResult<IMeasuredStore>(new SqliteStore(folder, durability)));

    public IEnumerable<string> Remarks => [];

    public Task PutAllAsync(IReadOnlyList<(byte[] Key, byte[] Value)> pairs)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _put.Transaction = transaction;
        foreach ((byte[] key, byte[] value) in pairs)
        {
            Put(key, value);
        }

        transaction.Commit();
        _put.Transaction = null;
        return Task.CompletedTask;
    }

    public Task PutAsync(byte[] key, byte[] value)
    {
        Put(key, value);
        return Task.CompletedTask;
    }

    public ValueTask<int> GetAsync(byte[] key)
    {
        _getKey.Value = key;
        return ValueTask.FromResult(_get.ExecuteScalar() is byte[] value ? value.Length : -1);
    }

    public Task<long> ScanAsync(TimeSlice slice)
    {
        long pairs = 0;
        long bytes = 0;
        using SqliteCommand scan = _connection.CreateCommand();
        scan.CommandText = "SELECT key, value FROM store ORDER BY key";
        using SqliteDataReader reader = scan.ExecuteReader();
        while (reader.Read())
        {
            bytes += reader.GetFieldValue<byte[]>(0).Length + reader.GetFieldValue<byte[]>(1).Length;
            if ((++pairs & 0xFFF) == 0 && !slice.Goes)
            {
                break;
            }
        }

        GC.KeepAlive(bytes);
        return Task.FromResult(pairs);
    }

    public Task SettleAsync()
    {
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _put.Dispose();
        _get.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Put(byte[] key, byte[] value)
    {
        _putKey.Value = key;
        _putValue.Value = value;
        _put.ExecuteNonQuery();
    }

    private void Execute(string text)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
