using Microsoft.Extensions.Logging;

namespace SimGraph.Server;

/// <summary>How the process logs.</summary>
internal static class ServerLogging
{
    /// <summary>To the console, one line each, in UTC.</summary>
    public static ILoggerFactory Create() => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(LogLevel.Information)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        }));
}
