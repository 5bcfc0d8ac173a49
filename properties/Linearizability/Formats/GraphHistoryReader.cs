using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Reads histories of a graph (docs/histories.md).</summary>
internal static class GraphHistoryReader
{
    public static IReadOnlyList<Operation<GraphAction>> Read(IEnumerable<string> lines)
    {
        var history = new HistoryBuilder<GraphAction>();
        int number = 0;
        foreach (string line in lines)
        {
            var cursor = new LineCursor(++number, line);
            if (number == 1)
            {
                if (line.TrimEnd() != GraphFormat.Header)
                {
                    throw cursor.Wrong($"a graph history begins with '{GraphFormat.Header}'");
                }
            }
            else if (!cursor.IsAtEnd && !cursor.TryTake("#"))
            {
                ReadLine(ref cursor, history);
            }
        }

        return number > 0
            ? history.Build(static action => action.Kind is GraphActionKind.Get or GraphActionKind.Neighbours)
            : throw new HistoryFormatException(1, $"a graph history begins with '{GraphFormat.Header}'");
    }

    private static void ReadLine(ref LineCursor cursor, HistoryBuilder<GraphAction> history)
    {
        int client = cursor.Client();
        ReadOnlySpan<char> type = cursor.Word("the kind of event");
        switch (type)
        {
            case GraphFormat.Call:
                history.Call(cursor.Line, client, Asked(ref cursor));
                break;
            case GraphFormat.Ok:
                GraphAction answered = Answered(ref cursor, history.Asked(cursor.Line, client));
                history.Return(cursor.Line, client, _ => answered);
                break;
            case GraphFormat.Refused:
                history.Return(cursor.Line, client, static asked => asked with { Outcome = Outcome.Refused });
                break;
            case GraphFormat.Failed:
                history.Drop(cursor.Line, client);
                break;
            case GraphFormat.Unknown:
                history.GiveUp(cursor.Line, client);
                break;
            default:
                throw cursor.Wrong($"'{type}' is no kind of event; there are call, ok, refused, failed and unknown");
        }

        cursor.End();
    }

    private static GraphAction Asked(ref LineCursor cursor)
    {
        GraphActionKind kind = Kind(ref cursor);
        if (kind is GraphActionKind.Set or GraphActionKind.Add or GraphActionKind.Get)
        {
            string cell = cursor.Word("the property").ToString();
            int dot = cell.LastIndexOf('.');
            if (dot <= 0 || dot == cell.Length - 1)
            {
                throw cursor.Wrong($"'{cell}' is no property; write NODE.KEY");
            }

            var action = new GraphAction(kind, cell[..dot], cell[(dot + 1)..]);
            return kind == GraphActionKind.Get ? action : action with { Argument = cursor.Number("the number") };
        }

        string node = cursor.Word("the node").ToString();
        return kind switch
        {
            GraphActionKind.Link or GraphActionKind.Unlink => new GraphAction(kind, node) { Other = cursor.Word("the other node").ToString() },
            GraphActionKind.Create when !cursor.IsAtEnd => new GraphAction(kind, node) { Other = cursor.Word("the owner").ToString() },
            _ => new GraphAction(kind, node),
        };
    }

    private static GraphActionKind Kind(ref LineCursor cursor)
    {
        ReadOnlySpan<char> word = cursor.Word("the operation");
        return word switch
        {
            "set" => GraphActionKind.Set,
            "add" => GraphActionKind.Add,
            "get" => GraphActionKind.Get,
            "create" => GraphActionKind.Create,
            "delete" => GraphActionKind.Delete,
            "link" => GraphActionKind.Link,
            "unlink" => GraphActionKind.Unlink,
            "neighbours" => GraphActionKind.Neighbours,
            _ => throw cursor.Wrong($"'{word}' is no operation; there are set, add, get, create, delete, link, unlink and neighbours"),
        };
    }

    private static GraphAction Answered(ref LineCursor cursor, GraphAction asked)
    {
        switch (asked.Kind)
        {
            case GraphActionKind.Add or GraphActionKind.Get:
                return asked.Answered(cursor.Number("the answer"));
            case GraphActionKind.Neighbours:
                var names = new List<string>();
                while (!cursor.IsAtEnd)
                {
                    names.Add(cursor.Word().ToString());
                }

                return asked.Answered(names);
            default:
                return asked.Done();
        }
    }
}
