using System.Globalization;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Runs several things at a time, each on one of some threads, and gives the results in the order in which they were asked for.</summary>
internal static class SideBySide
{
    public static T[] Run<T>(IReadOnlyList<Func<T>> work, int jobs)
    {
        var results = new T[work.Count];
        int next = -1;
        void Work()
        {
            for (int place = Interlocked.Increment(ref next); place < results.Length; place = Interlocked.Increment(ref next))
            {
                results[place] = work[place]();
            }
        }

        var threads = new Thread[Math.Min(jobs, work.Count)];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work)
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"simgraph.variant.{i}"),
                IsBackground = true,
            };
            threads[i].Start();
        }

        Array.ForEach(threads, static thread => thread.Join());
        return results;
    }
}
