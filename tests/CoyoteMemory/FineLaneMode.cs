namespace SimGraph.Coyote.Tests.Engine;

/// <summary>Where this program's schedules can change over.</summary>
internal static class FineLaneMode
{
    /// <summary>True if it is at accesses to fields, too.</summary>
    internal static bool MemoryAccesses => true;

    /// <summary>Of that many schedules of a scenario this program runs one: they are longer here, and the ordinary lane runs them all.</summary>
    internal static int SchedulesDivisor => 6;
}
