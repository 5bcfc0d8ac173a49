// Client sessions: what makes a retried write happen once (Ongaro, "Consensus: Bridging Theory and Practice", section 6.3). The table is part
// of the replicated state: which session is evicted and what a duplicate is answered follow from the log alone, never from time. It is held in
// memory, in the order of use, and each change goes into the batch of the log entry that made it, so that it is in the tree with what the entry did.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Runtime;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.StateMachine;

/// <summary>Bounded table of client sessions. Not thread-safe.</summary>
internal sealed class SessionTable(int sessionsMax)
{
    private const long SessionSeed = 3;

    // Last used and last request; the result follows.
    private const int HeadBytes = 16;

    // Status, and an outcome with a value for each operation.
    private const int ResultBytesMax = 4 + (GraphLimits.OperationsPerCommandMax * 9);

    private readonly Dictionary<ulong, ClientSession> _sessions = [];
    private readonly XxHash128 _hash = new(SessionSeed);
    private byte[] _value = new byte[256];
    private ClientSession? _oldest;
    private ClientSession? _newest;

    public int Count => _sessions.Count;

    /// <summary>Order-independent hash of the table, as in the graph's.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>Reads the table that a tree holds.</summary>
    /// <exception cref="FormatException">It is not one that could exist at that index.</exception>
    public static async Task<SessionTable> LoadAsync(LsmTree tree, int sessionsMax, ulong appliedIndex, CancellationToken cancellationToken)
    {
        var found = new List<ClientSession>();
        await using (LsmCursor cursor = tree.OpenCursor(LsmRange.Prefix(StateKeys.Sessions), at: null))
        {
            await cursor.MoveToFirstAsync(cancellationToken);
            while (cursor.IsValid)
            {
                found.Add(Decode(cursor.Key.Span, cursor.Value.Span));
                await cursor.MoveNextAsync(cancellationToken);
            }
        }

        if (found.Count > sessionsMax)
        {
            throw new FormatException($"there are {found.Count} sessions, and this member is configured for {sessionsMax}: configure all members alike");
        }

        found.Sort(static (left, right) => left.LastUsed.CompareTo(right.LastUsed));
        var table = new SessionTable(sessionsMax);
        foreach (ClientSession session in found)
        {
            if (session.Id == 0 || session.Id > session.LastUsed || session.LastUsed > appliedIndex || session.LastUsed <= (table._newest?.LastUsed ?? 0))
            {
                throw new FormatException($"session {session.Id} was used last at {session.LastUsed}, which cannot be at index {appliedIndex}");
            }

            table.Add(session);
        }

        return table;
    }

    /// <summary>The session, or null when it was never opened or is evicted.</summary>
    public ClientSession? Find(ulong id) => _sessions.GetValueOrDefault(id);

    /// <summary>Opens a session. True when the least recently used one had to go for it.</summary>
    public bool Open(ulong id, WriteBatch batch)
    {
        bool evict = _sessions.Count == sessionsMax;
        if (evict)
        {
            Evict(batch);
        }

        var session = new ClientSession(id);
        Add(session);
        Keep(session, batch);
        return evict;
    }

    /// <summary>The log entry with this index named the session.</summary>
    public void Touch(ClientSession session, ulong index, WriteBatch batch)
    {
        Unlink(session);
        session.LastUsed = index;
        Append(session);
        UpdateDigest(session);
        Keep(session, batch);
    }

    /// <summary>The log entry with this index was a request that is answered.</summary>
    public void Record(ClientSession session, ulong index, ulong request, ReadOnlyMemory<byte> result, WriteBatch batch)
    {
        session.LastRequest = request;
        session.LastResult = result;
        Touch(session, index, batch);
    }

    private static ClientSession Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong id = StateKeys.ReadSession(key);
        if (value.Length < HeadBytes)
        {
            throw new FormatException($"session {id} has {value.Length} bytes");
        }

        ClientSession session = new(id)
        {
            LastUsed = BinaryPrimitives.ReadUInt64LittleEndian(value),
            LastRequest = BinaryPrimitives.ReadUInt64LittleEndian(value[sizeof(ulong)..]),
        };
        ReadOnlySpan<byte> result = value[HeadBytes..];
        if (result.Length > ResultBytesMax || result.IsEmpty != (session.LastRequest == 0))
        {
            throw new FormatException($"session {id} has a result that no request has");
        }

        session.LastResult = result.ToArray();
        if (!result.IsEmpty)
        {
            // Decoded for the check alone: a duplicate must never be answered with garbage.
            ClientResult.Decode(session.LastResult.Span);
        }

        return session;
    }

    private void Keep(ClientSession session, WriteBatch batch)
    {
        int length = HeadBytes + session.LastResult.Length;
        if (_value.Length < length)
        {
            _value = new byte[length];
        }

        BinaryPrimitives.WriteUInt64LittleEndian(_value, session.LastUsed);
        BinaryPrimitives.WriteUInt64LittleEndian(_value.AsSpan(sizeof(ulong)), session.LastRequest);
        session.LastResult.Span.CopyTo(_value.AsSpan(HeadBytes));
        Span<byte> key = stackalloc byte[StateKeys.SessionBytes];
        StateKeys.WriteSession(key, session.Id);
        batch.Put(key, _value.AsSpan(0, length));
    }

    private void Add(ClientSession session)
    {
        Invariant.Check(_sessions.TryAdd(session.Id, session), "a log entry opens one session");
        Append(session);
        UpdateDigest(session);
    }

    private void Evict(WriteBatch batch)
    {
        Invariant.Check(_oldest is not null, "a full session table has an oldest session");
        ClientSession evicted = _oldest;
        _sessions.Remove(evicted.Id);
        Unlink(evicted);
        Digest = unchecked(Digest - evicted.Digest);
        Span<byte> key = stackalloc byte[StateKeys.SessionBytes];
        StateKeys.WriteSession(key, evicted.Id);
        batch.Delete(key);
    }

    private void Append(ClientSession session)
    {
        session.Older = _newest;
        session.Newer = null;
        if (_newest is null)
        {
            _oldest = session;
        }
        else
        {
            _newest.Newer = session;
        }

        _newest = session;
    }

    private void Unlink(ClientSession session)
    {
        if (session.Older is null)
        {
            _oldest = session.Newer;
        }
        else
        {
            session.Older.Newer = session.Newer;
        }

        if (session.Newer is null)
        {
            _newest = session.Older;
        }
        else
        {
            session.Newer.Older = session.Older;
        }
    }

    private void UpdateDigest(ClientSession session)
    {
        Span<byte> numbers = stackalloc byte[sizeof(ulong) + HeadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(numbers, session.Id);
        BinaryPrimitives.WriteUInt64LittleEndian(numbers[8..], session.LastUsed);
        BinaryPrimitives.WriteUInt64LittleEndian(numbers[16..], session.LastRequest);
        _hash.Append(numbers);
        _hash.Append(session.LastResult.Span);
        UInt128 digest = _hash.GetCurrentHashAsUInt128();
        _hash.Reset();
        Digest = unchecked(Digest - session.Digest + digest);
        session.Digest = digest;
    }
}
