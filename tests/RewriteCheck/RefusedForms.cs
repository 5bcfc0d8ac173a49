// What Coyote 1.7.11 does not rewrite as .NET 10 means it. It replaces a call only when it knows a method with the same name, parameter types and
// parameter names, and says nothing of the others: newer overloads, and types that it has never heard of, stay as they are beside types that it has
// replaced. Each form was seen to do what is said of it. docs/coyote.md tells more.

using Mono.Cecil;
using Mono.Cecil.Cil;
using static SimGraph.RewriteCheck.RefusedForm;

namespace SimGraph.RewriteCheck;

/// <summary>The forms that are refused in code that Coyote rewrites.</summary>
internal static class RefusedForms
{
    private const string Tasks = "System.Threading.Tasks.";
    private const string Threading = "System.Threading.";
    private const string Builders = "System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder";
    private const string Clock = "wait on the clock of the platform: clock.DelayAsync or Deadline.After";
    private const string Awaited = "make the method async and await the call";
    private const string Primitive = "use lock(object), AsyncLock, AsyncSignal or Mailbox";
    private const string Forgotten = "Coyote does not see who waits and reports a deadlock that is none";

    /// <summary>The assemblies of Coyote itself, whose methods it does not intercept.</summary>
    private const string Coyote = "Microsoft.Coyote";

    /// <summary>Refused wherever the method is named.</summary>
    internal static IReadOnlyList<RefusedForm> All { get; } =
    [
        .. Crashing(),
        .. Unseen(),
        .. Misread(),
        .. Unrepeatable(),
    ];

    /// <summary>Refused by what is done with the result; needs to know which assemblies are rewritten.</summary>
    internal static RefusedForm UnstoredValueTask(IReadOnlySet<string> rewritten) => new(
        "a ValueTask from elsewhere that is not stored at once",
        Harm.Crash,
        "Coyote takes the address of what it expects in a local variable: InvalidProgramException",
        Awaited,
        (instruction, method) => (instruction.OpCode == OpCodes.Call || instruction.OpCode == OpCodes.Callvirt)
            && method.ReturnType.GetElementType().FullName is Tasks + "ValueTask" or Tasks + "ValueTask`1"
            && IsForeign(method, rewritten)
            && !IsStored(instruction.Next));

    private static IEnumerable<RefusedForm> Crashing()
    {
        const string Confusion = "the value has another layout than rewritten code expects: the process dies";
        yield return OfMember(
            Tasks + "Task", "ConfigureAwait", Harm.Crash, Confusion, "use a plain await", static method => Takes(method, Tasks + "ConfigureAwaitOptions"));
        yield return OfType(Tasks + "TaskAsyncEnumerableExtensions", Harm.Crash, Confusion, "pass the token to the method, and use plain await foreach and await using");
        yield return OfType(Builders, Harm.Crash, "InvalidProgramException", "leave the builder to the compiler");
        yield return OfType(Builders + "`1", Harm.Crash, "InvalidProgramException", "leave the builder to the compiler");
        yield return OfMember(Tasks + "ValueTask", "Preserve", Harm.Crash, "InvalidProgramException", "await it once, or use AsTask()");
        yield return new RefusedForm(
            Threading + "Interlocked on a value type",
            Harm.Crash,
            "Coyote's own Exchange<T> and CompareExchange<T> want a class: VerificationException",
            "keep an int, or use a lock",
            static (_, method) => TypeOf(method) == Threading + "Interlocked" && method is GenericInstanceMethod generic && generic.GenericArguments.Any(IsNoClass));
    }

    private static IEnumerable<RefusedForm> Unseen()
    {
        foreach (string type in (string[])["Lock", "ManualResetEventSlim", "CountdownEvent", "Barrier", "ReaderWriterLock", "ReaderWriterLockSlim", "SpinLock", "Mutex", "Semaphore"])
        {
            yield return OfType(Threading + type, Harm.Unseen, "Coyote does not control it: a hang, or a refusal when the test runs", Primitive);
        }

        foreach (string type in (string[])[Threading + "Timer", Threading + "PeriodicTimer", "System.Timers.Timer"])
        {
            yield return OfType(type, Harm.Unseen, $"it counts real time, and {Forgotten}", Clock);
        }

        yield return OfType("System.Collections.Concurrent.BlockingCollection`1", Harm.Unseen, Forgotten, "use Mailbox");
        yield return OfMember(Threading + "Channels.Channel", "CreateBounded", Harm.Unseen, "its writers hang", "use Mailbox");
        yield return OfMember(Threading + "Channels.ChannelReader", "ReadAllAsync", Harm.Unseen, Forgotten, "use Mailbox");
        foreach (string member in (string[])["WaitAsync", "WhenEach", "ContinueWith", "RunSynchronously", "Start", ".ctor"])
        {
            yield return OfMember(Tasks + "Task", member, Harm.Unseen, $"Coyote does not replace it, and {Forgotten}", "await the task, and start work with TaskScope.Run (in tests: Task.Run)");
        }

        foreach (string member in (string[])["WhenAll", "WhenAny", "WaitAll"])
        {
            yield return OfMember(
                Tasks + "Task", member, Harm.Unseen, "Coyote does not know the form that takes a span", "pass a Task[]: (Task[])[a, b]", static method => Takes(method, "System.ReadOnlySpan`1"));
        }

        yield return OfMember(Tasks + "Parallel", "ForEachAsync", Harm.Unseen, "its workers are not controlled", "start the tasks one by one");
        yield return OfMember(Tasks + "Parallel", "ForAsync", Harm.Unseen, "its workers are not controlled", "start the tasks one by one");
        yield return OfType(Threading + "ThreadPool", Harm.Unseen, "its work is not controlled", "start work with TaskScope.Run (in tests: Task.Run)");
        foreach (string member in (string[])[".ctor", "CancelAfter"])
        {
            yield return OfMember(
                Threading + "CancellationTokenSource",
                member,
                Harm.Unseen,
                $"it counts real time, and {Forgotten}",
                Clock,
                static method => method.Parameters.Count > 0 && !Takes(method, "System.TimeProvider"));
        }

        yield return OfMember(Threading + "CancellationTokenSource", "CancelAsync", Harm.Unseen, "it calls back on the thread pool", "use Cancel()");
    }

    private static IEnumerable<RefusedForm> Misread()
    {
        yield return OfMember(Tasks + "Task", "Delay", Harm.Misread, "its length is ignored: even an infinite one ends after a few steps", Clock);
        yield return OfMember(Threading + "Monitor", "TryEnter", Harm.Misread, "it never fails: it waits for the lock", "use lock(object)");
        foreach (string member in (string[])["Wait", "WaitAsync"])
        {
            yield return OfMember(
                Threading + "SemaphoreSlim", member, Harm.Misread, "time-out and token are ignored", "use AsyncLock", static method => method.Parameters.Count > 0);
        }

        yield return new RefusedForm(
            Threading + "Interlocked on 8 or 16 bits",
            Harm.Misread,
            "Coyote does not know the form: nothing is let in between",
            "keep an int",
            static (_, method) => TypeOf(method) == Threading + "Interlocked" && method is not GenericInstanceMethod
                && method.Parameters[0].ParameterType.GetElementType().FullName is "System.Byte" or "System.SByte" or "System.Int16" or "System.UInt16");
    }

    private static IEnumerable<RefusedForm> Unrepeatable()
    {
        const string Why = "no trace replays what it answers";
        foreach ((string type, string member) in ((string, string)[])
        [
            ("System.DateTime", "get_Now"), ("System.DateTime", "get_UtcNow"), ("System.DateTime", "get_Today"), ("System.DateTimeOffset", "get_Now"),
            ("System.DateTimeOffset", "get_UtcNow"), ("System.TimeProvider", "get_System"), ("System.Environment", "get_TickCount"),
            ("System.Environment", "get_TickCount64"), ("System.Diagnostics.Stopwatch", "GetTimestamp"), ("System.Diagnostics.Stopwatch", "StartNew"),
            ("System.Diagnostics.Stopwatch", ".ctor"),
        ])
        {
            yield return OfMember(type, member, Harm.Unrepeatable, Why, "ask the clock of the platform");
        }

        foreach ((string type, string member) in ((string, string)[])
            [("System.Guid", "NewGuid"), ("System.Guid", "CreateVersion7"), ("System.Random", "get_Shared"), ("System.Random", ".ctor")])
        {
            yield return OfMember(type, member, Harm.Unrepeatable, Why, "ask the random source of the platform (in tests: FineLaneRandom)");
        }

        yield return OfType("System.Security.Cryptography.RandomNumberGenerator", Harm.Unrepeatable, Why, "ask the random source of the platform (in tests: FineLaneRandom)");
    }

    private static bool Takes(MethodReference method, string type) =>
        method.Parameters.Any(parameter => parameter.ParameterType.GetElementType().FullName == type);

    private static bool IsNoClass(TypeReference type) => type is GenericParameter parameter ? !parameter.HasReferenceTypeConstraint : type.IsValueType;

    // What Coyote has put in the place of these is not foreign to it.
    private static bool IsForeign(MethodReference method, IReadOnlySet<string> rewritten)
    {
        string assembly = method.DeclaringType.Scope is ModuleDefinition module ? module.Assembly.Name.Name : method.DeclaringType.Scope.Name;
        return !rewritten.Contains(assembly) && !assembly.StartsWith(Coyote, StringComparison.Ordinal)
            && TypeOf(method) is not (Tasks + "ValueTask") and not (Tasks + "ValueTask`1")
            && !TypeOf(method).StartsWith("System.Runtime.CompilerServices.AsyncValueTaskMethodBuilder", StringComparison.Ordinal);
    }

    private static bool IsStored(Instruction? next) => next?.OpCode.Code
        is Code.Stloc_0 or Code.Stloc_1 or Code.Stloc_2 or Code.Stloc_3 or Code.Stloc_S or Code.Starg_S or Code.Stsfld;
}
