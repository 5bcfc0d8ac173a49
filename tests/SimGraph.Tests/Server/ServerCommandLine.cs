using System.Diagnostics;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>Runs the server's program until it ends by itself.</summary>
internal static class ServerCommandLine
{
    /// <summary>It must end with that exit code, and say that among other things.</summary>
    public static async Task AssertRunsAsync(int exitCode, string says, params string[] args)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "simgraph-server.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string said = await process.StandardOutput.ReadToEndAsync(cancellation) + await errors;
        await process.WaitForExitAsync(cancellation);
        Assert.Contains(says, said, StringComparison.Ordinal);
        Assert.Equal(exitCode, process.ExitCode);
    }
}
