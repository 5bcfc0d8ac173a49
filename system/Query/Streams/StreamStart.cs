using SimGraph.Runtime.Tasks;

namespace SimGraph.Query;

/// <summary>Starts streams.</summary>
public static class ResultStream
{
    /// <summary>Starts a producer.</summary>
    /// <param name="owner">The stream ends with it at the latest; a reader then hears of a cancellation.</param>
    /// <param name="name">Names the stream in reports.</param>
    /// <param name="producer">Writes results until there are no more, and returns. Its token is cancelled when nobody wants them.</param>
    /// <param name="options">Sizes.</param>
    /// <exception cref="ScopeStoppedException">The owner is stopped.</exception>
    public static ResultStream<T> Start<T>(
        TaskScope owner, string name, Func<ResultWriter<T>, CancellationToken, Task> producer, StreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(producer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var stream = new ResultStream<T>(owner, name, options);
        stream.Begin(producer);
        return stream;
    }
}
