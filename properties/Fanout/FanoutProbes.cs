namespace SimGraph.Properties.Fanout;

/// <summary>What a campaign of some hundred faulty runs must reach, or it proves too little.</summary>
internal static class FanoutProbes
{
    public static IReadOnlyList<string> Required { get; } =
    [
        "fanout.catch-up-by-entries",
        "fanout.catch-up-by-state",
        "fanout.catch-up-refused",
        "fanout.catch-up-repeated",
        "fanout.duplicate-forward-refused",
        "fanout.forwarded-again",
        "fanout.gap-found",
        "fanout.malformed",
        "fanout.publisher-overrun",
        "fanout.repeated-entry-skipped",
        "fanout.replica-degraded",
        "fanout.replica-unhealthy",
        "fanout.reply-dropped",
        "fanout.source-changed",
        "fanout.state-installed",
        "fanout.transfer-given-up",
        "fanout.unhealthy-replica-back",
        "messages.connection-broke",
        "messages.not-subscribed",
        "messages.peer-left",
        "messages.socket-closed",
        "messages.subscriber-at-mark",
        "session.duplicate-request",
    ];
}
