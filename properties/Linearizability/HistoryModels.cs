using SimGraph.Properties.Linearizability.Explanations;
using SimGraph.Properties.Linearizability.Explanations.Picture;
using SimGraph.Properties.Linearizability.Formats;
using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Properties.Linearizability;

/// <summary>The kinds of histories that can be judged (docs/histories.md).</summary>
public static class HistoryModels
{
    private const string Unit = "line";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HistoryModel> All { get; } =
    [
        new("register", "one register with read, write and compare-and-set, as Jepsen's etcd test logs it", Check(new RegisterModel(), JepsenRegisterReader.Read)),
        new("kv", "keys with get, put and append, as Clojure maps", Check(new KeyValueModel(), KeyValueReader.Read)),
        new("graph", "nodes, number properties and links, as the simulator writes it", Check(new GraphModel(), GraphHistoryReader.Read)),
    ];

    private static Func<string, IEnumerable<string>, CheckLimits, HistoryReport> Check<TState, TAction>(
        ISequentialModel<TState, TAction> model, Func<IEnumerable<string>, IReadOnlyList<Operation<TAction>>> read)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
        => (title, lines, limits) =>
        {
            HistoryVerdict<TState, TAction> verdict = new HistoryChecker<TState, TAction>(model, limits).Check(read(lines));
            string? text = verdict.Broken?.Explanation is { } explanation ? ExplanationText.Write(explanation, model, Unit) : null;
            string? picture = text is null ? null : HistoryPicture.Draw(verdict.Broken!.Explanation!, model, title, text, Unit);
            return new HistoryReport(verdict.Verdict, verdict.Operations, verdict.Partitions.Count, verdict.States, text, picture);
        };
}
