using System.Diagnostics;
using System.Globalization;

namespace SimGraph.Tests.Storage.Kill;

/// <summary>One life of the writer: from its start to SIGKILL. Knows what it acknowledged.</summary>
internal sealed class WriterProcess
{
    private readonly Dictionary<string, ulong> _acknowledged = [];

    /// <summary>Lines that it wrote.</summary>
    public int Lines { get; private set; }

    /// <summary>The highest number that was acknowledged under a name; 0 for none.</summary>
    public ulong Acknowledged(string name) => _acknowledged.GetValueOrDefault(name);

    /// <summary>Starts a writer, and kills it once it has written so many lines; then reads what else it wrote before it died.</summary>
    public static async Task<WriterProcess> RunAsync(string folder, int linesUntilDeath)
    {
        var life = new WriterProcess();
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "simgraph-storage-writer.dll"), folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("the writer does not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool killed = false;
        string rest = string.Empty;
        char[] buffer = new char[4096];
        while (true)
        {
            if (!killed && life.Lines >= linesUntilDeath)
            {
                process.Kill();
                killed = true;
            }

            int count = await process.StandardOutput.ReadAsync(buffer);
            if (count == 0)
            {
                break;
            }

            // A line that was cut off by the kill says nothing.
            string[] lines = (rest + new string(buffer, 0, count)).Split('\n');
            rest = lines[^1];
            life.Note(lines.AsSpan(..^1));
        }

        await process.WaitForExitAsync();
        return killed ? life : throw new InvalidOperationException($"the writer ended by itself, with code {process.ExitCode}: {await errors}");
    }

    private void Note(ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            string name = line[..space];
            ulong number = ulong.Parse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            _acknowledged[name] = Math.Max(number, _acknowledged.GetValueOrDefault(name));
            Lines++;
        }
    }
}
