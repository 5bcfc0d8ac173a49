namespace SimGraph.Runtime.Probes;

/// <summary>Is told what one component is asked, so that a simulated run's calls can be made again elsewhere. Thread-safe. It changes nothing.</summary>
public interface IInputLog
{
    /// <summary>
    /// The component was called. Told on the caller's stack, when the part of the call that runs there is over.
    /// </summary>
    /// <param name="call">Stable, lower case: what the component was asked.</param>
    /// <param name="answer">Ends with the call; null if it has ended. The log may look at it, and never waits for it.</param>
    /// <param name="arguments">Sizes, indexes and counts; no payloads.</param>
    void Asked(string call, Task? answer, params ReadOnlySpan<InputArgument> arguments);
}
