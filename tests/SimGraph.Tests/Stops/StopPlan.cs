using FsCheck;
using FsCheck.Fluent;

namespace SimGraph.Tests.Stops;

/// <summary>One stop: in which run, when, in the middle of what, how often.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Variant">Chooses among the situations that a component can be in.</param>
/// <param name="Moment">Between the start and the stop; negative to stop first.</param>
/// <param name="Fault">What goes wrong.</param>
/// <param name="FaultLead">How long before the stop.</param>
/// <param name="HungTime">How long a hung disk hangs.</param>
/// <param name="Stops">How many call for the stop, at the same time or one after the other.</param>
/// <param name="StopSpread">Time between two of them.</param>
internal sealed record StopPlan(
    int Seed, int Variant, TimeSpan Moment, StopFault Fault, TimeSpan FaultLead, TimeSpan HungTime, int Stops, TimeSpan StopSpread)
{
    // Each scale is for other states: before the start, opening files, taking ports, electing, working.
    private static readonly TimeSpan[] s_scales =
    [
        TimeSpan.FromMicroseconds(-1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(12),
    ];

    /// <summary>Plans with faults of these kinds; simpler ones are tried when one fails.</summary>
    public static Arbitrary<StopPlan> Among(IReadOnlyList<StopFault> faults)
    {
        Gen<StopPlan> plans =
            from seed in Gen.Choose(1, 1_000_000)
            from variant in Gen.Choose(0, 11)
            from scale in Gen.Elements(s_scales)
            from fraction in Gen.Choose(0, 1000)
            from fault in Gen.Elements<StopFault>([StopFault.None, .. faults])
            from lead in Gen.Elements(0, 1, 30, 700, 3000)
            from hung in Gen.Elements(1, 6, 70)
            from stops in Gen.Choose(1, 3)
            from spread in Gen.Elements(0, 0, 1, 400)
            select new StopPlan(
                seed,
                variant,
                scale < TimeSpan.Zero ? scale : scale * (fraction / 1000.0),
                fault,
                TimeSpan.FromMilliseconds(lead),
                TimeSpan.FromSeconds(hung),
                stops,
                TimeSpan.FromMilliseconds(spread));
        return Arb.From(plans, Simpler);
    }

    private static IEnumerable<StopPlan> Simpler(StopPlan plan)
    {
        if (plan.Fault != StopFault.None)
        {
            yield return plan with { Fault = StopFault.None };
        }

        if (plan.Stops > 1)
        {
            yield return plan with { Stops = plan.Stops - 1 };
        }

        if (plan.StopSpread > TimeSpan.Zero)
        {
            yield return plan with { StopSpread = TimeSpan.Zero };
        }

        if (plan.FaultLead > TimeSpan.Zero)
        {
            yield return plan with { FaultLead = TimeSpan.Zero };
        }

        if (plan.Moment > TimeSpan.FromMilliseconds(1))
        {
            yield return plan with { Moment = plan.Moment / 2 };
        }

        if (plan.Variant > 0)
        {
            yield return plan with { Variant = plan.Variant - 1 };
        }
    }
}
