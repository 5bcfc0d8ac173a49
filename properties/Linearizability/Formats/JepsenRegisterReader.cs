// The log that Jepsen's etcd test prints, one event a line:
//
//   INFO  jepsen.util - 3    :invoke :cas    [3 0]
//
// with :invoke, :ok, :fail or :info, and :read nil, :write 4 or :cas [3 0]. As in Porcupine's test of the same logs, :fail of a compare-and-set with its arguments is an answer
// ("another value is there"); every other :fail did not happen. After :info the outcome is unknown for ever. What the nemesis does is skipped.

using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Reads histories of one register.</summary>
internal static class JepsenRegisterReader
{
    public static IReadOnlyList<Operation<RegisterAction>> Read(IEnumerable<string> lines)
    {
        var history = new HistoryBuilder<RegisterAction>();
        int number = 0;
        foreach (string line in lines)
        {
            var cursor = new LineCursor(++number, line);
            if (!cursor.IsAtEnd)
            {
                ReadLine(ref cursor, history);
            }
        }

        return history.Build(static action => action.Kind == RegisterActionKind.Read);
    }

    private static void ReadLine(ref LineCursor cursor, HistoryBuilder<RegisterAction> history)
    {
        cursor.Expect("INFO");
        cursor.Expect("jepsen.util");
        cursor.Expect("-");
        if (cursor.TryTake(":nemesis"))
        {
            return;
        }

        int client = cursor.Client();
        ReadOnlySpan<char> type = cursor.Word("the kind of event");
        RegisterActionKind kind = Kind(ref cursor);
        switch (type)
        {
            case ":invoke":
                history.Call(cursor.Line, client, Asked(ref cursor, kind));
                break;
            case ":ok":
                RegisterAction answer = Answered(ref cursor, kind);
                CheckSame(ref cursor, history.Asked(cursor.Line, client), answer);
                history.Return(cursor.Line, client, _ => answer);
                break;
            case ":fail":
                Fail(ref cursor, kind, client, history);
                break;
            case ":info":
                CheckKind(ref cursor, history.Asked(cursor.Line, client), kind);
                history.GiveUp(cursor.Line, client);
                return;
            default:
                throw cursor.Wrong($"'{type}' is no kind of event; there are :invoke, :ok, :fail and :info");
        }

        cursor.End();
    }

    private static RegisterActionKind Kind(ref LineCursor cursor)
    {
        ReadOnlySpan<char> word = cursor.Word("the operation");
        return word switch
        {
            ":read" => RegisterActionKind.Read,
            ":write" => RegisterActionKind.Write,
            ":cas" => RegisterActionKind.CompareAndSet,
            _ => throw cursor.Wrong($"'{word}' is no operation; there are :read, :write and :cas"),
        };
    }

    private static RegisterAction Asked(ref LineCursor cursor, RegisterActionKind kind)
    {
        if (kind != RegisterActionKind.Read)
        {
            return Answered(ref cursor, kind) with { Outcome = Outcome.Unknown };
        }

        cursor.Expect("nil");
        return RegisterAction.Read(null) with { Outcome = Outcome.Unknown };
    }

    private static RegisterAction Answered(ref LineCursor cursor, RegisterActionKind kind)
    {
        switch (kind)
        {
            case RegisterActionKind.Read:
                return RegisterAction.Read(cursor.TryTake("nil") ? null : cursor.Number("the value"));
            case RegisterActionKind.Write:
                return RegisterAction.Write(cursor.Number("the value"));
            default:
                cursor.Expect("[");
                long expected = cursor.Number("the expected value");
                long value = cursor.Number("the new value");
                cursor.Expect("]");
                return RegisterAction.CompareAndSet(expected, value, Outcome.Done);
        }
    }

    private static void Fail(ref LineCursor cursor, RegisterActionKind kind, int client, HistoryBuilder<RegisterAction> history)
    {
        RegisterAction asked = history.Asked(cursor.Line, client);
        CheckKind(ref cursor, asked, kind);
        if (kind != RegisterActionKind.CompareAndSet || cursor.TryTake(":"))
        {
            cursor.Word();
            history.Drop(cursor.Line, client);
            return;
        }

        CheckSame(ref cursor, asked, Answered(ref cursor, kind));
        history.Return(cursor.Line, client, static action => action with { Outcome = Outcome.Refused });
    }

    private static void CheckKind(ref LineCursor cursor, RegisterAction asked, RegisterActionKind kind)
    {
        if (asked.Kind != kind)
        {
            throw cursor.Wrong($"what ends is a {kind}, but what began was a {asked.Kind}");
        }
    }

    private static void CheckSame(ref LineCursor cursor, RegisterAction asked, RegisterAction answered)
    {
        CheckKind(ref cursor, asked, answered.Kind);
        if (asked.Kind != RegisterActionKind.Read && asked with { Outcome = Outcome.Done } != answered)
        {
            throw cursor.Wrong("what ends has other arguments than what began");
        }
    }
}
