namespace SimGraph.Storage.Lsm.Tree;

/// <summary>What a tree has done since it was opened. Thread-safe.</summary>
internal sealed class TreeCounters
{
    private const int Buckets = 18;
    private readonly object _gate = new();
    private readonly long[] _stalls = new long[Buckets];
    private TimeSpan _stallTotal;
    private TimeSpan _stallLongest;
    private long _stallCount;
    private long _flushes;
    private long _flushedBytes;
    private long _compactions;
    private long _trivialMoves;
    private long _compactedBytesRead;
    private long _compactedBytesWritten;
    private long _failures;

    public void AddFlush(long bytes)
    {
        Interlocked.Increment(ref _flushes);
        Interlocked.Add(ref _flushedBytes, bytes);
    }

    public void AddCompaction(long bytesRead, long bytesWritten)
    {
        Interlocked.Increment(ref _compactions);
        Interlocked.Add(ref _compactedBytesRead, bytesRead);
        Interlocked.Add(ref _compactedBytesWritten, bytesWritten);
    }

    public void AddTrivialMove() => Interlocked.Increment(ref _trivialMoves);

    public void AddFailure() => Interlocked.Increment(ref _failures);

    public void AddStall(TimeSpan duration)
    {
        int bucket = 0;
        for (double milliseconds = duration.TotalMilliseconds; milliseconds >= 1 && bucket < Buckets - 1; milliseconds /= 2)
        {
            bucket++;
        }

        lock (_gate)
        {
            _stalls[bucket]++;
            _stallCount++;
            _stallTotal += duration;
            _stallLongest = duration > _stallLongest ? duration : _stallLongest;
        }
    }

    public LsmStalls Stalls()
    {
        lock (_gate)
        {
            return new LsmStalls(_stallCount, _stallTotal, _stallLongest, [.. _stalls]);
        }
    }

    public LsmStatistics AddTo(LsmStatistics statistics) => statistics with
    {
        Flushes = Interlocked.Read(ref _flushes),
        BytesFlushed = Interlocked.Read(ref _flushedBytes),
        Compactions = Interlocked.Read(ref _compactions),
        TrivialMoves = Interlocked.Read(ref _trivialMoves),
        BytesCompactedRead = Interlocked.Read(ref _compactedBytesRead),
        BytesCompactedWritten = Interlocked.Read(ref _compactedBytesWritten),
        FailedAttempts = Interlocked.Read(ref _failures),
        Stalls = Stalls(),
    };
}
