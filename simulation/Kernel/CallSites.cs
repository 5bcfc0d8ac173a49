using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace SimGraph.Simulation.Kernel;

/// <summary>The stack of the running code, as far as it is the user's: without the simulator and the base library.</summary>
internal static class CallSites
{
    private const int FramesMax = 12;

    /// <summary>A line for each frame, innermost first; without those of the caller.</summary>
    public static string Capture() => string.Join('\n', new StackTrace(2, fNeedFileInfo: true).GetFrames()
        .Where(static frame => frame.GetMethod()?.DeclaringType?.FullName is { } type
            && !type.StartsWith("System.", StringComparison.Ordinal)
            && !type.StartsWith("SimGraph.Simulation.", StringComparison.Ordinal))
        .Take(FramesMax)
        .Select(static frame => string.Create(
            CultureInfo.InvariantCulture, $"    {NameOf(frame.GetMethod()!)} ({Path.GetFileName(frame.GetFileName())}:{frame.GetFileLineNumber()})")));

    // An async method runs in the MoveNext of a type that is named after it.
    private static string NameOf(MethodBase method)
    {
        Type type = method.DeclaringType!;
        return method.Name == "MoveNext" && type.Name.StartsWith('<') && type.DeclaringType is { } outer
            ? $"{outer.FullName}.{type.Name[1..type.Name.LastIndexOf('>')]}"
            : $"{type.FullName}.{method.Name}";
    }
}
