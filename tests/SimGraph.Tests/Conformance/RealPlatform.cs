using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;

namespace SimGraph.Tests.Conformance;

/// <summary>Runs a conformance test on the production platform, for the seams that need neither network nor disk.</summary>
internal static class RealPlatform
{
    internal static void Run(Func<IPlatform, Task> body)
    {
        var platform = new ProductionPlatform("real", new NoNetwork(), new NoDisk(), NullLoggerFactory.Instance);
#pragma warning disable VSTHRD002 // The conformance tests are synchronous, because a simulated run is.
        Task.Run(() => body(platform)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private sealed class NoNetwork : INetwork
    {
        public ValueTask<IListener> ListenAsync(NetworkAddress address, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IConnection> ConnectAsync(NetworkAddress address, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NoDisk : IDisk
    {
        public ValueTask<IFile> OpenAsync(string path, FileOpenMode mode, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask RenameAsync(string source, string target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
