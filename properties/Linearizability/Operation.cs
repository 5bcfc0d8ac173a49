namespace SimGraph.Properties.Linearizability;

/// <summary>One call of one client, from its begin to its answer.</summary>
/// <typeparam name="TAction">What was asked and what was answered, as the model understands it.</typeparam>
/// <param name="Client">Who called; its operations follow each other, except that one without an answer never ends.</param>
/// <param name="Action">What was asked and answered.</param>
/// <param name="CalledAt">When it began. Any clock will do that orders calls and answers; in a file it is the line.</param>
/// <param name="ReturnedAt">When it ended; <see cref="Never"/> if its outcome is unknown: it may take effect at any time from its begin on, or never.</param>
internal sealed record Operation<TAction>(int Client, TAction Action, long CalledAt, long ReturnedAt)
{
    /// <summary>The end of an operation whose outcome is unknown.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Its place in the order in which the system says that it applied the writes; null if it says nothing. Only the witness uses it.</summary>
    public ulong? Position { get; init; }

    /// <summary>True if nobody knows its outcome.</summary>
    public bool IsPending => ReturnedAt == Never;
}
