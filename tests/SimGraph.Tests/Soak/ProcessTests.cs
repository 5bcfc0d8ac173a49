using System.Diagnostics;
using Xunit;

namespace SimGraph.Tests.Soak;

/// <summary>The built program in processes of its own.</summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData("mailboxes")]
    [InlineData("cluster")]
    public async Task A_seed_gives_the_same_hash_in_every_process(string scenario)
    {
        string[] args = ["repro", "4711", "--scenario", scenario, "--no-events"];
        (int ExitCode, string Out) first = await RunAsync(args);
        (int ExitCode, string Out) second = await RunAsync(args);
        Assert.Contains("hash", first.Out, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task An_interrupt_ends_a_campaign_with_a_summary_and_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process cannot be sent an interrupt there");
        using Process process = Start(["run", "--scenario", "mailboxes", "--time", "1h", "--artifacts", "unused"]);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using Process kill = Process.Start("sh", ["-c", $"kill -INT {process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Interrupted", rest, StringComparison.Ordinal);
        Assert.Equal(130, process.ExitCode);
    }

    private static async Task<(int ExitCode, string Out)> RunAsync(string[] args)
    {
        using Process process = Start(args);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    private static Process Start(string[] args)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "simgraph.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, .. args])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return Process.Start(start) ?? throw new InvalidOperationException("the program does not start");
    }
}
