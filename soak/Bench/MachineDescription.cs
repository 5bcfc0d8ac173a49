using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace SimGraph.Soak.Bench;

/// <summary>What a measurement was made on; without it a number says little.</summary>
internal static class MachineDescription
{
    private const string LoadFile = "/proc/loadavg";
    private const string ProcessorFile = "/proc/cpuinfo";

    public static IEnumerable<string> Lines()
    {
        yield return $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}";
        yield return $"{RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC, {Mode()}{Debug()}";
        string date = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        yield return $"{date}, load average {LoadAverage()}";
    }

    public static string LoadAverage()
    {
        try
        {
            string[] fields = File.ReadAllText(LoadFile).Split(' ');
            return string.Join(' ', fields.Take(3));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    private static string Mode() => GCSettings.LatencyMode == GCLatencyMode.Batch ? "non-concurrent" : "concurrent";

    private static string Debug()
    {
#if DEBUG
        return ", DEBUG BUILD: the numbers mean nothing, use -c Release";
#else
        return string.Empty;
#endif
    }

    private static string Processor()
    {
        try
        {
            string? line = File.ReadLines(ProcessorFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
