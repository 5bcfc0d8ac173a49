using System.Globalization;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Runs several things at a time, each on a thread of its own, and gives the results in the order in which they were asked for.</summary>
internal static class SideBySide
{
    public static T[] Run<T>(IReadOnlyList<Func<T>> work)
    {
        var results = new T[work.Count];
        var threads = new Thread[work.Count];
        for (int i = 0; i < threads.Length; i++)
        {
            int place = i;
            threads[i] = new Thread(() => results[place] = work[place]())
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"simgraph.variant.{place}"),
                IsBackground = true,
            };
            threads[i].Start();
        }

        Array.ForEach(threads, static thread => thread.Join());
        return results;
    }
}
