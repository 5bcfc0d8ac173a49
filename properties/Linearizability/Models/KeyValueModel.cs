namespace SimGraph.Properties.Linearizability.Models;

/// <summary>Keys with texts: get, put, append. Every key is a partition.</summary>
internal sealed class KeyValueModel : ISequentialModel<KeyValueState, KeyValueAction>
{
    private const int ShownMax = 48;

    public IReadOnlyList<Partition<KeyValueState, KeyValueAction>> Split(IReadOnlyList<Operation<KeyValueAction>> history) =>
    [
        .. history.GroupBy(static operation => operation.Action.Key, StringComparer.Ordinal)
            .Select(static group => new Partition<KeyValueState, KeyValueAction>($"key {Shorten(group.Key)}", new KeyValueState(string.Empty), [.. group])),
    ];

    public bool TryStep(KeyValueState state, KeyValueAction action, out KeyValueState next)
    {
        next = action.Kind switch
        {
            KeyValueActionKind.Put => new KeyValueState(action.Text),
            KeyValueActionKind.Append => new KeyValueState(state.Text + action.Text),
            _ => state,
        };
        return action.Kind != KeyValueActionKind.Get || action.Outcome == Outcome.Unknown || string.Equals(state.Text, action.Text, StringComparison.Ordinal);
    }

    public ulong Hash(KeyValueState state) => StateHash.Of(state.Text);

    public int SizeOf(KeyValueState state) => 2 * state.Text.Length;

    public bool IsRead(KeyValueAction action) => action.Kind == KeyValueActionKind.Get;

    public KeyValueAction Forget(KeyValueAction action) => action with { Outcome = Outcome.Unknown };

    public bool Observes(KeyValueAction later, KeyValueAction earlier) =>
        later.Kind == KeyValueActionKind.Get && later.Text.Contains(earlier.Text, StringComparison.Ordinal);

    public string Describe(KeyValueAction action) => action.Kind switch
    {
        KeyValueActionKind.Get => action.Outcome == Outcome.Done ? $"get: {Shorten(action.Text)}" : "get",
        KeyValueActionKind.Put => $"put {Shorten(action.Text)}",
        _ => $"append {Shorten(action.Text)}",
    };

    public string DescribeState(KeyValueState state) => Shorten(state.Text);

    /// <summary>The end of a long text says most: appends go there.</summary>
    private static string Shorten(string text) => text.Length <= ShownMax ? $"\"{text}\"" : $"\"…{text[^ShownMax..]}\"";
}
