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

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupt_ends_a_campaign_with_a_summary_and_130(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process cannot be sent an interrupt there");
        Assert.SkipWhen(signal == "INT" && IgnoresInterrupt(), "this process was started in the background, so its children ignore SIGINT");
        using Process process = Start(["run", "--scenario", "mailboxes", "--time", "1h", "--artifacts", "unused"]);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using Process kill = Process.Start("sh", ["-c", $"kill -{signal} {process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Interrupted", rest, StringComparison.Ordinal);
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task What_is_planted_is_listed_in_a_checkout_and_not_elsewhere()
    {
        string[] args = ["mutants", "--list", "--only", "C02"];
        string checkout = Path.GetDirectoryName(RepositoryFiles.Find("SimGraph.sln"))!;
        Assert.Equal((0, $"C02-vote-not-persisted  cluster: the vote is not persisted{Environment.NewLine}"), await RunAsync(args, checkout));
        Assert.Equal((1, string.Empty), await RunAsync(args));
    }

    /// <summary>A shell starts background commands with SIGINT ignored, and children inherit that.</summary>
    private static bool IgnoresInterrupt()
    {
        const string status = "/proc/self/status";
        const string name = "SigIgn:";
        string? ignored = File.Exists(status) ? Array.Find(File.ReadAllLines(status), static line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return ignored is not null && (Convert.ToUInt64(ignored[name.Length..].Trim(), 16) & 2) != 0;
    }

    private static async Task<(int ExitCode, string Out)> RunAsync(string[] args, string? folder = null)
    {
        using Process process = Start(args, folder);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    private static Process Start(string[] args, string? folder = null)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "simgraph.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, .. args])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        return Process.Start(start) ?? throw new InvalidOperationException("the program does not start");
    }
}
