namespace SimGraph.Simulation.Messaging;

/// <summary>Kinds of <see cref="MessageItem"/>.</summary>
internal enum MessageItemKind : byte
{
    Message = 0,
    Subscribe = 1,
    Unsubscribe = 2,
}
