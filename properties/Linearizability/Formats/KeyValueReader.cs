// Histories of a key-value store as Clojure maps, one event a line:
//
//   {:process 0, :type :invoke, :f :append, :key "4", :value "x 0 1 y"}
//
// with :invoke, :ok, :fail or :info, and :get, :put or :append. A get is invoked with nil, and of a key that was never written it is answered with "".

using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Reads histories of keys with texts.</summary>
internal static class KeyValueReader
{
    public static IReadOnlyList<Operation<KeyValueAction>> Read(IEnumerable<string> lines)
    {
        var history = new HistoryBuilder<KeyValueAction>();
        int number = 0;
        foreach (string line in lines)
        {
            var cursor = new LineCursor(++number, line);
            if (!cursor.IsAtEnd)
            {
                ReadLine(ref cursor, history);
            }
        }

        return history.Build(static action => action.Kind == KeyValueActionKind.Get);
    }

    private static void ReadLine(ref LineCursor cursor, HistoryBuilder<KeyValueAction> history)
    {
        cursor.Expect("{");
        cursor.Expect(":process");
        int client = cursor.Client();
        cursor.Expect(",");
        cursor.Expect(":type");
        ReadOnlySpan<char> type = cursor.Word("the kind of event").TrimEnd(',');
        cursor.Expect(":f");
        KeyValueActionKind kind = Kind(ref cursor);
        cursor.Expect(":key");
        string key = cursor.Quoted();
        cursor.Expect(",");
        cursor.Expect(":value");
        bool isNil = cursor.TryTake("nil");
        var action = new KeyValueAction(kind, key, isNil ? string.Empty : cursor.Quoted(), Outcome.Unknown);
        cursor.Expect("}");
        cursor.End();
        if (isNil && (kind != KeyValueActionKind.Get || type is ":ok"))
        {
            throw cursor.Wrong("a value is missing; nil is the value of a get that has no answer yet");
        }

        Add(ref cursor, type, client, action, history);
    }

    private static void Add(ref LineCursor cursor, ReadOnlySpan<char> type, int client, KeyValueAction action, HistoryBuilder<KeyValueAction> history)
    {
        if (type is ":invoke")
        {
            history.Call(cursor.Line, client, action.Kind == KeyValueActionKind.Get ? action with { Text = string.Empty } : action);
            return;
        }

        KeyValueAction asked = history.Asked(cursor.Line, client);
        if (asked.Kind != action.Kind || asked.Key != action.Key || (asked.Kind != KeyValueActionKind.Get && asked.Text != action.Text))
        {
            throw cursor.Wrong("what ends is not what this client began");
        }

        switch (type)
        {
            case ":ok":
                history.Return(cursor.Line, client, _ => action with { Outcome = Outcome.Done });
                break;
            case ":fail":
                history.Drop(cursor.Line, client);
                break;
            case ":info":
                history.GiveUp(cursor.Line, client);
                break;
            default:
                throw cursor.Wrong($"'{type}' is no kind of event; there are :invoke, :ok, :fail and :info");
        }
    }

    private static KeyValueActionKind Kind(ref LineCursor cursor)
    {
        ReadOnlySpan<char> word = cursor.Word("the operation").TrimEnd(',');
        return word switch
        {
            ":get" => KeyValueActionKind.Get,
            ":put" => KeyValueActionKind.Put,
            ":append" => KeyValueActionKind.Append,
            _ => throw cursor.Wrong($"'{word}' is no operation; there are :get, :put and :append"),
        };
    }
}
