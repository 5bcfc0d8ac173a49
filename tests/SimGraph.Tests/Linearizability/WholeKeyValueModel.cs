using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Tests.Linearizability;

/// <summary>The key-value model without partitions: its state is all keys.</summary>
internal sealed class WholeKeyValueModel : ISequentialModel<WholeKeyValueModel.Keys, KeyValueAction>
{
    private readonly KeyValueModel _model = new();

    public IReadOnlyList<Partition<Keys, KeyValueAction>> Split(IReadOnlyList<Operation<KeyValueAction>> history) => [new("all keys", new Keys(string.Empty), history)];

    public bool TryStep(Keys state, KeyValueAction action, out Keys next)
    {
        bool isPossible = _model.TryStep(new KeyValueState(state.TextOf(action.Key)), action, out KeyValueState text);
        next = state.With(action.Key, text.Text);
        return isPossible;
    }

    public ulong Hash(Keys state) => _model.Hash(new KeyValueState(state.All));

    public int SizeOf(Keys state) => 2 * state.All.Length;

    public bool IsRead(KeyValueAction action) => _model.IsRead(action);

    public KeyValueAction Forget(KeyValueAction action) => _model.Forget(action);

    public bool Observes(KeyValueAction later, KeyValueAction earlier) => true;

    public string Describe(KeyValueAction action) => _model.Describe(action);

    public string DescribeState(Keys state) => state.All;

    /// <summary>Texts of two keys, k0 and k1, as one.</summary>
    internal readonly record struct Keys(string All)
    {
        public string TextOf(string key) => All.Length == 0 ? string.Empty : All.Split('|')[key == "k0" ? 0 : 1];

        public Keys With(string key, string text) => key == "k0" ? new Keys($"{text}|{TextOf("k1")}") : new Keys($"{TextOf("k0")}|{text}");
    }
}
