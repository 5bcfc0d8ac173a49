using Microsoft.Extensions.Logging;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Runtime.Network;

namespace SimGraph.Server;

/// <summary>The log messages of the server; event ids 7000 to 7099.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "What is published at {Address} is not encrypted, whatever the other connections are: keep it inside a network that you trust")]
    public static partial void PublishesInTheClear(ILogger logger, NetworkAddress address);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Information, Message = "Read replica {Replica} has applied entry {Applied} of {Known}, follows {Source}, is {Health} to it, found {Gaps} holes")]
    public static partial void Position(ILogger logger, string replica, ulong applied, ulong known, NetworkAddress source, ReplicaHealth health, long gaps);
}
