using System.Globalization;

namespace SimGraph.Tests;

/// <summary>What a nightly run sets in the environment, to make other tries and more of them than the usual run does.</summary>
internal static class NightlySettings
{
    /// <summary>The number that a variable holds.</summary>
    public static int Read(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
