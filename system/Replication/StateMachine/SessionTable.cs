// Client sessions: what makes a retried write happen once (Ongaro, "Consensus: Bridging Theory and Practice", section 6.3). The table is part
// of the replicated state: which session is evicted and what a duplicate is answered follow from the log alone, never from time.
// The order of use is a doubly linked list; its canonical form is the ascending LastUsed, which no two sessions share, because a log entry
// names one session.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Runtime;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.StateMachine;

/// <summary>Bounded table of client sessions. Not thread-safe.</summary>
internal sealed class SessionTable(int sessionsMax)
{
    private const long SessionSeed = 3;

    // Id, last request, last used, length of the result.
    private const int SessionBytesMin = 28;
    private const int NumberBytes = 24;

    // Status, and an outcome with a value for each operation.
    private const int ResultBytesMax = 4 + (GraphLimits.OperationsPerCommandMax * 9);

    private readonly Dictionary<ulong, ClientSession> _sessions = [];
    private readonly XxHash128 _hash = new(SessionSeed);
    private ClientSession? _oldest;
    private ClientSession? _newest;

    public int Count => _sessions.Count;

    /// <summary>Order-independent hash of the table, as in the graph's.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>The session, or null when it was never opened or is evicted.</summary>
    public ClientSession? Find(ulong id) => _sessions.GetValueOrDefault(id);

    /// <summary>Opens a session. True when the least recently used one had to go for it.</summary>
    public bool Open(ulong id)
    {
        bool evict = _sessions.Count == sessionsMax;
        if (evict)
        {
            Evict();
        }

        Add(new ClientSession(id));
        return evict;
    }

    /// <summary>The log entry with this index named the session.</summary>
    public void Touch(ClientSession session, ulong index)
    {
        Unlink(session);
        session.LastUsed = index;
        Append(session);
        UpdateDigest(session);
    }

    /// <summary>The log entry with this index was a request that is answered.</summary>
    public void Record(ClientSession session, ulong index, ulong request, ReadOnlyMemory<byte> result)
    {
        session.LastRequest = request;
        session.LastResult = result;
        Touch(session, index);
    }

    public void Write(ref CanonicalWriter writer)
    {
        writer.WriteUInt32((uint)_sessions.Count);
        for (ClientSession? session = _oldest; session is not null; session = session.Newer)
        {
            writer.WriteUInt64(session.Id);
            writer.WriteUInt64(session.LastUsed);
            writer.WriteUInt64(session.LastRequest);
            writer.WriteUInt32((uint)session.LastResult.Length);
            writer.WriteRaw(session.LastResult.Span);
        }
    }

    /// <summary>Fills an empty table.</summary>
    /// <exception cref="FormatException">The bytes are not those of a table that could exist at that index.</exception>
    public void Read(ref CanonicalReader reader, ulong appliedIndex)
    {
        int count = reader.ReadCount(SessionBytesMin);
        if (count > sessionsMax)
        {
            reader.Fail("there are more sessions than this member is configured for: configure all members alike");
        }

        for (int i = 0; i < count; i++)
        {
            ClientSession session = ReadSession(ref reader);
            if (session.Id == 0 || session.Id > session.LastUsed || session.LastUsed > appliedIndex
                || session.LastUsed <= (_newest?.LastUsed ?? 0) || _sessions.ContainsKey(session.Id))
            {
                reader.Fail("a session is not in the order of use, comes twice, or is newer than the snapshot");
            }

            Add(session);
        }
    }

    private static ClientSession ReadSession(ref CanonicalReader reader)
    {
        ClientSession session = new(reader.ReadUInt64())
        {
            LastUsed = reader.ReadUInt64(),
            LastRequest = reader.ReadUInt64(),
        };
        uint length = reader.ReadUInt32();
        if (length > ResultBytesMax || (length == 0) != (session.LastRequest == 0))
        {
            reader.Fail("a session has a result that no request has");
        }

        byte[] result = reader.ReadRaw((int)length).ToArray();
        if (length > 0)
        {
            // Decoded for the check alone: a duplicate must never be answered with garbage.
            ClientResult.Decode(result);
        }

        session.LastResult = result;
        return session;
    }

    private void Add(ClientSession session)
    {
        Invariant.Check(_sessions.TryAdd(session.Id, session), "a log entry opens one session");
        Append(session);
        UpdateDigest(session);
    }

    private void Evict()
    {
        Invariant.Check(_oldest is not null, "a full session table has an oldest session");
        ClientSession evicted = _oldest;
        _sessions.Remove(evicted.Id);
        Unlink(evicted);
        Digest = unchecked(Digest - evicted.Digest);
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
        Span<byte> numbers = stackalloc byte[NumberBytes];
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
