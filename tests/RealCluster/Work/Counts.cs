namespace SimGraph.RealCluster.Work;

/// <summary>What clients were told, in numbers. Thread-safe.</summary>
internal sealed class Counts
{
    private long _operations;
    private long _acknowledgedWrites;
    private long _answeredReads;
    private long _unknown;
    private long _notApplied;
    private long _unansweredReads;

    public long Operations => Volatile.Read(ref _operations);

    public long AcknowledgedWrites => Volatile.Read(ref _acknowledgedWrites);

    public long AnsweredReads => Volatile.Read(ref _answeredReads);

    public long Unknown => Volatile.Read(ref _unknown);

    public long NotApplied => Volatile.Read(ref _notApplied);

    public long UnansweredReads => Volatile.Read(ref _unansweredReads);

    public void Operation() => Interlocked.Increment(ref _operations);

    public void AcknowledgedWrite() => Interlocked.Increment(ref _acknowledgedWrites);

    public void AnsweredRead() => Interlocked.Increment(ref _answeredReads);

    public void UnknownWrite() => Interlocked.Increment(ref _unknown);

    public void NotAppliedWrite() => Interlocked.Increment(ref _notApplied);

    public void UnansweredRead() => Interlocked.Increment(ref _unansweredReads);
}
