using SimGraph.Soak.FineLane.Zoom;
using SimGraph.Storage.Log;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>A call that was made, when, and how it ended.</summary>
internal sealed class MadeCall(ZoomCall asked)
{
    /// <summary>The call of the fast run.</summary>
    internal ZoomCall Asked => asked;

    /// <summary>What it appends; the index of an entry that was given none is 0.</summary>
    internal LogBatch? Batch { get; init; }

    /// <summary>Before the call.</summary>
    internal required int Begun { get; init; }

    /// <summary>When its caller went on. What is decided about the order of calls was decided by then.</summary>
    internal int Returned { get; set; }

    /// <summary>When it had ended.</summary>
    internal int Answered { get; set; }

    internal CallEnd End { get; set; }

    /// <summary>What a log that failed said.</summary>
    internal string? Failure { get; set; }

    /// <summary>The index that an entry was given.</summary>
    internal ulong Index { get; set; }
}
