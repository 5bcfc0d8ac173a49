// NetMQ keeps its I/O threads in one context of the process, which it makes with the first socket and ends by NetMQConfig.Cleanup. Ending it while anybody
// still has a socket breaks that socket; not ending it leaks the threads. So whoever opens sockets takes part here, and the last to leave cleans up.
//
// This is the one place of the system with static state that changes: the context is the library's own static state, and needs an owner of the same extent.

using NetMQ;

namespace SimGraph.ZeroMq;

/// <summary>Counts the users of NetMQ's process-wide context. Thread-safe.</summary>
internal static class NetMqContext
{
    private static readonly Users Shared = new();

    /// <summary>From now on the context must live.</summary>
    public static void Enter()
    {
        lock (Shared)
        {
            Shared.Count++;
        }
    }

    /// <summary>The caller has closed all its sockets. Blocks for some milliseconds while the library's threads end.</summary>
    public static void Leave()
    {
        lock (Shared)
        {
            if (--Shared.Count == 0)
            {
                NetMQConfig.Cleanup(block: false);
            }
        }
    }

    private sealed class Users
    {
        public int Count { get; set; }
    }
}
