using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>An applied entry, or a beat.</summary>
/// <param name="Entry">Null for a beat.</param>
/// <param name="Last">The last entry that was applied by then, whether it was published or did not fit.</param>
internal readonly record struct FeedItem(LogEntry? Entry, LogPosition Last);
