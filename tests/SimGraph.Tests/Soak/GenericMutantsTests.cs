using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using SimGraph.Properties;
using SimGraph.Soak.Mutants.Generic;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Soak;

public sealed class GenericMutantsTests
{
    private static readonly MutationCatalogue Catalogue = new(AppContext.BaseDirectory);
    private static readonly IReadOnlyList<Mutation> All = Catalogue.FindAll();

    [Fact]
    public void There_are_places_for_every_mistake_and_each_has_a_name_of_its_own()
    {
        Assert.Equal(Enum.GetValues<MutationOperator>(), All.Select(mutation => mutation.Operator).Distinct().Order());
        Assert.Equal(MutationArea.All, All.Select(mutation => mutation.Area).Distinct());
        Assert.Empty(All.GroupBy(mutation => mutation.Id).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.All(MutationArea.All.SelectMany(area => area.Scenarios), scenario => Assert.Contains(ScenarioCatalog.All, known => known.Name == scenario));
    }

    [Fact]
    public void A_sample_takes_of_everything_and_a_larger_one_begins_with_the_smaller()
    {
        IReadOnlyList<Mutation> sample = MutationCatalogue.Sample(All, 120);
        Assert.Equal(120, sample.Distinct().Count());
        Assert.Equal(Enum.GetValues<MutationOperator>(), sample.Select(mutation => mutation.Operator).Distinct().Order());
        Assert.Equal(MutationArea.All.Count, sample.Select(mutation => mutation.Area).Distinct().Count());
        Assert.Equal(sample, MutationCatalogue.Sample(All, 200).Take(120));
        Assert.Equal(All.Count, MutationCatalogue.Sample(All, int.MaxValue).Count);
    }

    [Fact]
    public void Every_mistake_leaves_code_that_the_runtime_accepts()
    {
        using var folder = new TemporaryFolder();
        Mutation[] some = [.. MutationCatalogue.Sample([.. All.Where(mutation => !mutation.Type.Contains('`', StringComparison.Ordinal) && !mutation.Method.Contains('!', StringComparison.Ordinal))], 63)];
        int compiled = 0;
        foreach (Mutation mutation in some)
        {
            Catalogue.Write(mutation, folder.Path);
            compiled += Compile(Path.Combine(folder.Path, $"{mutation.Area.Assembly}.dll"), mutation);
        }

        Assert.InRange(compiled, some.Length, int.MaxValue);
    }

    /// <summary>Compiles the methods of that name: wrong code is refused with an exception.</summary>
    private static int Compile(string path, Mutation mutation)
    {
        var context = new AssemblyLoadContext(mutation.Id, isCollectible: true);
        try
        {
            using FileStream file = File.OpenRead(path);
            Type type = context.LoadFromStream(file).GetType(mutation.Type.Replace('/', '+'), throwOnError: true)!;
            MethodBase[] named =
            [
                .. type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    .OfType<MethodBase>()
                    .Where(method => mutation.Method.Contains($"::{method.Name}(", StringComparison.Ordinal) && !method.ContainsGenericParameters),
            ];
            Array.ForEach(named, static method => RuntimeHelpers.PrepareMethod(method.MethodHandle));
            return named.Length;
        }
        finally
        {
            context.Unload();
        }
    }
}
