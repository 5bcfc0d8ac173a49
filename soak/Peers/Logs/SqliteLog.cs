using Microsoft.Data.Sqlite;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Peers.Logs;

/// <summary>A table of SQLite in WAL mode that flushes at every commit. One writer: a second waits for the database's lock, not for a common flush.</summary>
internal sealed class SqliteLog : IMeasuredLog
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteParameter _payload;

    private SqliteLog(string folder)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Join(folder, "log.db"), Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE log(id INTEGER PRIMARY KEY, payload BLOB NOT NULL)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO log(payload) VALUES ($payload)";
        _payload = _insert.Parameters.Add("$payload", SqliteType.Blob);
        _insert.Prepare();
    }

    public static LogContender Contender { get; } = new(
        "SQLite 10.0.11, WAL, FULL", TakesManyWriters: false, Blocks: true, folder => Task.FromResult<IMeasuredLog>(new SqliteLog(folder)));

    public Task AppendAsync(byte[] payload)
    {
        _payload.Value = payload;
        _insert.Transaction = null;
        _insert.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public Task AppendBatchAsync(byte[] payload, int count)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        _payload.Value = payload;
        for (int i = 0; i < count; i++)
        {
            _insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _insert.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Execute(string text)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
