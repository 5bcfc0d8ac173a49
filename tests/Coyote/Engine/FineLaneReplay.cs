// Writes failing schedules, and replays one when `simgraph repro` asks for it (see FineLaneTrace).

using System.Reflection;
using Microsoft.Coyote.Rewriting;
using SimGraph.Soak.FineLane;
using Xunit;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>The one schedule that this process was asked to run.</summary>
internal sealed record FineLaneReplay(FineLaneTrace Asked, string VerdictFile)
{
    /// <summary>Null in an ordinary run.</summary>
    internal static FineLaneReplay? Current =>
        Environment.GetEnvironmentVariable(FineLaneTrace.ReplayVariable) is { Length: > 0 } file
        && FineLaneTrace.TryParse(File.ReadAllText(file), out FineLaneTrace? trace)
            ? new FineLaneReplay(trace, Environment.GetEnvironmentVariable(FineLaneTrace.VerdictVariable) ?? file + ".verdict")
            : null;

    /// <summary>Writes a failing schedule to a file that repro takes.</summary>
    internal static string Write(string name, string trace, string? input = null)
    {
        Assembly program = typeof(FineLaneReplay).Assembly;
        string folder = Environment.GetEnvironmentVariable(FineLaneTrace.FolderVariable) is { Length: > 0 } chosen ? chosen : Path.Combine(AppContext.BaseDirectory, "fine-lane-traces");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{name.Replace(' ', '-')}.trace");
        File.WriteAllText(file, new FineLaneTrace
        {
            Program = program.GetName().Name!,
            Configuration = program.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug",
            Test = $"{TestContext.Current.TestClass?.TestClassName}.{TestContext.Current.TestMethod?.MethodName}",
            Name = name,
            Input = input,
            Trace = trace,
        }.ToText());
        return file;
    }

    /// <summary>Replays if this is the scenario that was asked for; another one of the same test runs no schedule.</summary>
    internal FineLaneOutcome Run(string name, Func<string, FineLaneOutcome> replay)
    {
        if (name != Asked.Name || !RewritingEngine.IsAssemblyRewritten(typeof(FineLaneReplay).Assembly))
        {
            return FineLaneOutcome.Nothing(seed: 0);
        }

        FineLaneOutcome outcome = replay(Asked.Trace);
        File.WriteAllLines(VerdictFile, [FineLaneTrace.VerdictHead, outcome.Bug ?? string.Empty]);
        return outcome with { Trace = Asked.Trace };
    }
}
