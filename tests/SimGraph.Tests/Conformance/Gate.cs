namespace SimGraph.Tests.Conformance;

/// <summary>A moment that tasks wait for: the handshake of tests that must not sleep.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Opened => _opened.Task;

    internal void Open() => _opened.TrySetResult();
}
