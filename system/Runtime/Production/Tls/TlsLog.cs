using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>The log messages of TLS; event ids 1100 to 1199.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Certificates reloaded from {Path}: {Subject}, valid until {Expires:O}")]
    public static partial void Reloaded(ILogger logger, string path, string subject, DateTimeOffset expires);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Certificates not reloaded from {Path}, the former ones stay: {Reason}")]
    public static partial void NotReloaded(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Refused {Address}: {Reason}")]
    public static partial void Refused(ILogger logger, NetworkAddress address, string reason);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Warning, Message = "Accepting a connection failed: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);
}
