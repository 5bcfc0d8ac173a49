// What must come about at some time, however long it takes. A check at the end of a scenario cannot say that: work that goes round for ever never gets
// there, and is only seen as a schedule that was cut, without a trace. Coyote's monitor counts the steps for which a promise is open. Too many of them on a
// fair schedule, or an end with the promise open, is a failure like any other.

using Microsoft.Coyote.Specifications;
using Monitor = Microsoft.Coyote.Specifications.Monitor;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>Promises of one kind. It is open from the first that is made until as many have been kept.</summary>
internal abstract class Promise : Monitor
{
    private int _open;

    /// <summary>A kind of promise is made.</summary>
    internal static void Make<T>()
        where T : Promise
    {
        Specification.RegisterMonitor<T>();
        Specification.Monitor<T>(new Made());
    }

    /// <summary>One that was made is kept.</summary>
    internal static void Keep<T>()
        where T : Promise => Specification.Monitor<T>(new Kept());

    /// <summary>Promises that something ends.</summary>
    internal static async Task EndsAsync<T>(Task task)
        where T : Promise
    {
        Make<T>();
        await task;
        Keep<T>();
    }

    private void Open()
    {
        _open++;
        RaiseGotoStateEvent<Waiting>();
    }

    private void Close()
    {
        _open--;
        if (_open == 0)
        {
            RaiseGotoStateEvent<Content>();
        }
    }

    private sealed class Made : Event;

    private sealed class Kept : Event;

    [Start]
    [Cold]
    [OnEventDoAction(typeof(Made), nameof(Open))]
    private sealed class Content : State;

    [Hot]
    [OnEventDoAction(typeof(Made), nameof(Open))]
    [OnEventDoAction(typeof(Kept), nameof(Close))]
    private sealed class Waiting : State;
}
