namespace SimGraph.Properties.Linearizability.Models;

/// <summary>An operation on a register.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Value">What was read, or is to be written.</param>
/// <param name="Expected">What must be there for a compare-and-set.</param>
/// <param name="Outcome">How it ended.</param>
internal sealed record RegisterAction(RegisterActionKind Kind, long? Value, long? Expected, Outcome Outcome)
{
    public static RegisterAction Read(long? seen) => new(RegisterActionKind.Read, seen, null, Outcome.Done);

    public static RegisterAction Write(long value, Outcome outcome = Outcome.Done) => new(RegisterActionKind.Write, value, null, outcome);

    public static RegisterAction CompareAndSet(long expected, long value, Outcome outcome) => new(RegisterActionKind.CompareAndSet, value, expected, outcome);
}
