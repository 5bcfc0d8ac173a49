namespace SimGraph.Soak;

/// <summary>The user asked for something that cannot be done. The message is one line.</summary>
internal sealed class UsageException(string message) : Exception(message);
