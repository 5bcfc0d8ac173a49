using SimGraph.Runtime;

namespace SimGraph.Properties.Storage;

/// <summary>Also implemented by the workload of a component that promises to notice flipped bits.</summary>
internal interface IRotCheck
{
    /// <summary>
    /// After a stop or power loss and one flipped bit in <paramref name="path"/>, at rest: opens the component, reads all of it, stops. It must answer as the
    /// expectation says, or refuse with the exception that it promises (which is caught here), but never answer something else as if it were right.
    /// </summary>
    /// <returns>True when the damage was noticed; false when it is harmless (slack that nothing reads).</returns>
    /// <exception cref="StorageViolationException">Damaged bytes were taken for good ones.</exception>
    Task<bool> CheckRottenAsync(IPlatform platform, object expectation, string path, CancellationToken stop);
}
