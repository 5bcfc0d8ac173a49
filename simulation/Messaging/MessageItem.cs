using SimGraph.Runtime.Messaging;

namespace SimGraph.Simulation.Messaging;

/// <summary>What goes over a connection between two sockets: a message, or a subscription (its topic is the only frame).</summary>
internal readonly record struct MessageItem(MessageItemKind Kind, Message Content);
