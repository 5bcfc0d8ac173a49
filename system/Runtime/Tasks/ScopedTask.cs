namespace SimGraph.Runtime.Tasks;

/// <summary>One running piece of work: its name within its scope, and where it was started.</summary>
public sealed class ScopedTask
{
    // Without RunContinuationsAsynchronously, as the task of an async method would be: with it, WhenAll over completions goes on through the
    // thread pool, which no simulation sees. Whoever awaits it may so be resumed on the stack of the ending task.
    private readonly TaskCompletionSource _completion = new();

    internal ScopedTask(string path, string sourceFile, int sourceLine, TimeSpan startedAt, CancellationToken stopping)
    {
        Stopping = stopping;
        Path = path;
        SourceFile = sourceFile;
        SourceLine = sourceLine;
        StartedAt = startedAt;
    }

    /// <summary>Names of the scopes and of the task, joined by '/': <c>node/peer-2/send</c>.</summary>
    public string Path { get; }

    /// <summary>Source file that called <see cref="TaskScope.Run"/>.</summary>
    public string SourceFile { get; }

    /// <summary>Line in <see cref="SourceFile"/>.</summary>
    public int SourceLine { get; }

    /// <summary>Monotonic time of the start, since the clock's own zero.</summary>
    public TimeSpan StartedAt { get; }

    /// <summary>The token that its body is given: cancelled when its scope begins to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends when the body has ended; never faults (see <see cref="Failure"/>).</summary>
    public Task Completion => _completion.Task;

    /// <summary>The exception that ended the body, if one did; null while it runs, and for a body that ended by cancellation.</summary>
    public Exception? Failure { get; internal set; }

    internal void Complete() => _completion.TrySetResult();

    /// <inheritdoc/>
    public override string ToString()
    {
        int slash = SourceFile.LastIndexOfAny(['/', '\\']);
        return $"{Path} (started at {SourceFile[(slash + 1)..]}:{SourceLine})";
    }
}
