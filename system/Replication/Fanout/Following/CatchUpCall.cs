namespace SimGraph.Replication.Fanout.Following;

/// <summary>The one request for missed entries that is under way, and how the last ones went. Not thread-safe.</summary>
internal sealed class CatchUpCall
{
    /// <summary>Number of the last request.</summary>
    public ulong Number { get; private set; }

    /// <summary>True while an answer is waited for.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>When it, or the last chunk, was asked for.</summary>
    public TimeSpan AskedAt { get; private set; }

    /// <summary>Requests and repetitions in a row that brought nothing.</summary>
    public int Failures { get; private set; }

    /// <summary>No request before this time: the last was refused.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>A new request.</summary>
    public ulong Begin(TimeSpan now)
    {
        IsWaiting = true;
        AskedAt = now;
        return ++Number;
    }

    /// <summary>Another chunk is asked for.</summary>
    public void AskAgain(TimeSpan now) => AskedAt = now;

    /// <summary>It brought something.</summary>
    public void Progressed(TimeSpan now)
    {
        Failures = 0;
        AskedAt = now;
    }

    /// <summary>It is over.</summary>
    public void End() => IsWaiting = false;

    /// <summary>It brought nothing.</summary>
    public void Failed() => Failures++;

    /// <summary>It is over, refused: the next one after a while.</summary>
    public void Refused(TimeSpan notBefore)
    {
        IsWaiting = false;
        Failures++;
        NotBefore = notBefore;
    }

    /// <summary>Another member is asked from now on.</summary>
    public void Reset()
    {
        IsWaiting = false;
        Failures = 0;
        NotBefore = TimeSpan.Zero;
    }
}
