using System.Globalization;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>One mistake at one place.</summary>
/// <param name="Area">Where.</param>
/// <param name="Type">Full name of the type that holds the code, which may be one that the compiler made.</param>
/// <param name="Method">Signature of the method that holds it.</param>
/// <param name="Source">What a person calls it: type and method.</param>
/// <param name="Line">Line of the source.</param>
/// <param name="Operator">Which mistake.</param>
/// <param name="Ordinal">How many places for this operator come before it in the method.</param>
/// <param name="Number">How many come before it in everything that a person calls by that name, such as overloads.</param>
internal sealed record Mutation(MutationArea Area, string Type, string Method, string Source, int Line, MutationOperator Operator, int Ordinal, int Number)
{
    /// <summary>Stable as long as what has its name does not change.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Source}-{Operator}-{Number}");

    /// <summary>The same as a defect that is planted and explored like any other.</summary>
    public PlantedDefect ToDefect() => new()
    {
        Patch = Id,
        Title = string.Create(CultureInfo.InvariantCulture, $"{Describe(Operator)} in {Source}, line {Line}"),
        Scenarios = Area.Scenarios,
    };

    private static string Describe(MutationOperator mistake) => mistake switch
    {
        MutationOperator.NegatedGuard => "a condition is turned around",
        MutationOperator.Boundary => "a comparison is off at its limit",
        MutationOperator.OffByOne => "a constant is one more",
        MutationOperator.DroppedAwait => "a call is not awaited",
        MutationOperator.SkippedFlush => "a flush is skipped",
        MutationOperator.SwallowedException => "exceptions are swallowed",
        MutationOperator.SkippedCancellation => "a call is not told when to give up",
        _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
    };
}
