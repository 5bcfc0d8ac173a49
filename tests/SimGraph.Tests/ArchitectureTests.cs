using System.Reflection;
using Xunit;

namespace SimGraph.Tests;

/// <summary>The arrows between the projects point one way (docs/architecture.md).</summary>
public sealed class ArchitectureTests
{
    private static readonly (string Project, string[] MayUse)[] Arrows =
    [
        ("SimGraph.Runtime", []),
        ("SimGraph.ZeroMq", ["SimGraph.Runtime"]),
        ("SimGraph.Storage", ["SimGraph.Runtime"]),
        ("SimGraph.Cluster", ["SimGraph.Runtime", "SimGraph.Storage"]),
        ("SimGraph.Replication", ["SimGraph.Runtime", "SimGraph.Storage", "SimGraph.Cluster"]),
        ("SimGraph.Query", ["SimGraph.Runtime", "SimGraph.Storage", "SimGraph.Cluster", "SimGraph.Replication"]),
        ("SimGraph.Simulation", ["SimGraph.Runtime"]),
        ("SimGraph.Properties", ["SimGraph.Runtime", "SimGraph.Storage", "SimGraph.Cluster", "SimGraph.Replication", "SimGraph.Query", "SimGraph.Simulation"]),
    ];

    public static TheoryData<string> Projects => [.. Arrows.Select(arrow => arrow.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_between_projects_point_one_way(string project)
    {
        string[] mayUse = Arrows.Single(arrow => arrow.Project == project).MayUse;

        IEnumerable<string> used = Assembly.Load(project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("SimGraph", StringComparison.Ordinal));

        Assert.Empty(used.Except(mayUse));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_static_field_can_change(string project)
    {
        IEnumerable<string> mutable = Assembly.Load(project).GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal))
            .Where(field => field.DeclaringType!.FullName?.Contains('<', StringComparison.Ordinal) is false)
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name}");

        Assert.Empty(mutable);
    }
}
