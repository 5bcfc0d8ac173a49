namespace SimGraph.Soak.Mutants.Generic;

/// <summary>A way to make a mistake in compiled code. Names are part of the ids of mutants.</summary>
internal enum MutationOperator
{
    /// <summary>A condition is turned around.</summary>
    NegatedGuard,

    /// <summary>A comparison includes its limit, or leaves it out, where it did not before.</summary>
    Boundary,

    /// <summary>A constant that is added, subtracted or divided by is one more: quorums, next indexes.</summary>
    OffByOne,

    /// <summary>What is begun is not awaited.</summary>
    DroppedAwait,

    /// <summary>Something is not flushed.</summary>
    SkippedFlush,

    /// <summary>An exception that an asynchronous method ends with is swallowed.</summary>
    SwallowedException,

    /// <summary>A call is not told when to give up.</summary>
    SkippedCancellation,
}
