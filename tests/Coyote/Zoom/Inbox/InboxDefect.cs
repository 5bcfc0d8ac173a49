namespace SimGraph.Coyote.Tests.Zoom.Inbox;

/// <summary>How a wrong inbox is wrong.</summary>
internal enum InboxDefect
{
    /// <summary>A wake counts as taken when its event is, before the turn has looked at the flags.</summary>
    WakeIsTakenWithItsEvent,

    /// <summary>Who waits for room is told that his event was accepted, and it is not.</summary>
    LosesWhatWaitsForRoom,

    /// <summary>A closed inbox says that it accepts.</summary>
    AcceptsWhenClosed,
}
