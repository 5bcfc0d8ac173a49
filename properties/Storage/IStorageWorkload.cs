// What a component under crash test does, what must be found afterwards, and how that is looked for. One object serves every explorer: it runs once, and its
// checks run many times, each on a fork of the disk in a world of its own.

using SimGraph.Runtime;

namespace SimGraph.Properties.Storage;

/// <summary>Operations on one component, with a model of what they leave behind.</summary>
internal interface IStorageWorkload
{
    /// <summary>
    /// What must be found, and what may be found, if the power failed now: an immutable value, and the same object while nothing changes. It is read at every
    /// disk operation, so reading it must be O(1) (persistent collections, or a prefix of the plan). What the disk may hold counts from the moment before
    /// its first write could begin; what is acknowledged is certain from the moment at which the call has returned.
    /// </summary>
    object Expectation { get; }

    /// <summary>The plan in words, for the report of a violation: options and operations.</summary>
    string Describe();

    /// <summary>
    /// Before <see cref="RunAsync"/>, at most once: the disk is not empty, but holds what another workload of the same subject (with other options) left when it
    /// was cut off or ended with this expectation. Without it the disk is empty.
    /// </summary>
    void Adopt(object expectation);

    /// <summary>
    /// Opens the component, compares what is there with what was adopted (from then on that is certain), performs the operations, stops the component; cut short when
    /// <paramref name="stop"/> is cancelled. An exception of the component that a failing disk explains ends it quietly: the component is stopped and the
    /// expectation says what is uncertain. Everything else propagates. Called once; the process may die in the middle.
    /// </summary>
    /// <exception cref="StorageViolationException">The component broke a promise while it ran.</exception>
    Task RunAsync(IPlatform platform, CancellationToken stop);

    /// <summary>
    /// After a crash, power loss or stop, on a disk without faults: opens the component, compares with the expectation, performs a few further operations, stops,
    /// opens again and compares again. Leaves the workload's own state alone: thousands of checks of different expectations follow one run.
    /// </summary>
    /// <exception cref="StorageViolationException">Something acknowledged is missing, or something is there that cannot be.</exception>
    Task CheckAsync(IPlatform platform, object expectation, CancellationToken stop);
}
