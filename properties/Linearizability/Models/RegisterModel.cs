using System.Globalization;

namespace SimGraph.Properties.Linearizability.Models;

/// <summary>One register with read, write and compare-and-set.</summary>
internal sealed class RegisterModel : ISequentialModel<RegisterState, RegisterAction>
{
    public IReadOnlyList<Partition<RegisterState, RegisterAction>> Split(IReadOnlyList<Operation<RegisterAction>> history) =>
        history.Count == 0 ? [] : [new Partition<RegisterState, RegisterAction>("the register", default, history)];

    public bool TryStep(RegisterState state, RegisterAction action, out RegisterState next)
    {
        next = state;
        switch (action.Kind)
        {
            case RegisterActionKind.Read:
                return action.Outcome == Outcome.Unknown || state.Value == action.Value;
            case RegisterActionKind.Write:
                next = new RegisterState(action.Value);
                return true;
            default:
                bool matches = state.Value == action.Expected;
                next = matches && action.Outcome != Outcome.Refused ? new RegisterState(action.Value) : state;
                return action.Outcome == Outcome.Unknown || matches == (action.Outcome == Outcome.Done);
        }
    }

    public ulong Hash(RegisterState state) => state.Value is { } value ? StateHash.Mix((ulong)value) : 0;

    public int SizeOf(RegisterState state) => 2 * sizeof(long);

    public bool IsRead(RegisterAction action) => action.Kind == RegisterActionKind.Read || action.Outcome == Outcome.Refused;

    public RegisterAction Forget(RegisterAction action) => action with { Outcome = Outcome.Unknown };

    public bool Observes(RegisterAction later, RegisterAction earlier) => later switch
    {
        { Outcome: Outcome.Refused } => true,
        { Kind: RegisterActionKind.Read } => later.Value == earlier.Value,
        { Kind: RegisterActionKind.CompareAndSet } => later.Expected == earlier.Value,
        _ => false,
    };

    public string Describe(RegisterAction action)
    {
        string asked = action.Kind switch
        {
            RegisterActionKind.Read => "read",
            RegisterActionKind.Write => $"write {Text(action.Value)}",
            _ => $"cas {Text(action.Expected)} to {Text(action.Value)}",
        };
        return action switch
        {
            { Outcome: Outcome.Unknown } => asked,
            { Outcome: Outcome.Refused } => $"{asked}: refused",
            { Kind: RegisterActionKind.Read } => $"{asked}: {Text(action.Value)}",
            _ => asked,
        };
    }

    public string DescribeState(RegisterState state) => Text(state.Value);

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "nil";
}
