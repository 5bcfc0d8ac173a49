// All mistakes that the operators can make in the compiled assemblies, and a sample of them that takes from every area and operator in turn, in an order that only the ids decide. So a change of one method
// does not change which mutants of the others are tried.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using SimGraph.Simulation.Choices;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Finds, samples and makes mutations. Not thread-safe.</summary>
internal sealed class MutationCatalogue(string programFolder)
{
    // What these do shows to readers only, or is made by the compiler.
    private static readonly HashSet<string> Quiet = new(StringComparer.Ordinal)
    {
        "ToString", "PrintMembers", "GetHashCode", "Equals", "Describe", "Validate", "Dispose", "DisposeAsync",
    };

    /// <summary>Every mutation there is, in the order of areas, types, methods and instructions.</summary>
    public IReadOnlyList<Mutation> FindAll()
    {
        var found = new List<Mutation>();
        foreach (IGrouping<string, MutationArea> assembly in MutationArea.All.GroupBy(area => area.Assembly))
        {
            using ModuleDefinition module = Read(assembly.Key);
            foreach (MutationArea area in assembly)
            {
                var numbers = new Dictionary<(string Source, MutationOperator Operator), int>();
                found.AddRange(module.Types
                    .Where(type => type.Namespace == area.Namespace)
                    .SelectMany(WithNested)
                    .SelectMany(type => type.Methods)
                    .SelectMany(method => In(area, method, numbers)));
            }
        }

        return found;
    }

    /// <summary>So many of them: one of each area and operator in turn, until there are enough.</summary>
    public static IReadOnlyList<Mutation> Sample(IReadOnlyList<Mutation> all, int count)
    {
        var queues = all
            .GroupBy(mutation => (mutation.Area, mutation.Operator))
            .Select(group => new Queue<Mutation>(group.OrderBy(mutation => Seeds.OfText(mutation.Id)).ThenBy(mutation => mutation.Id, StringComparer.Ordinal)))
            .ToList();
        var sample = new List<Mutation>();
        while (sample.Count < count && queues.Count > 0)
        {
            foreach (Queue<Mutation> queue in queues.Where(_ => sample.Count < count))
            {
                sample.Add(queue.Dequeue());
            }

            queues.RemoveAll(queue => queue.Count == 0);
        }

        return sample;
    }

    /// <summary>Writes the assembly with one mistake in it.</summary>
    public void Write(Mutation mutation, string targetFolder)
    {
        using ModuleDefinition module = Read(mutation.Area.Assembly);
        MethodDefinition method = module.Types.SelectMany(WithNested).Single(type => type.FullName == mutation.Type).Methods.Single(candidate => candidate.FullName == mutation.Method);
        method.Body.SimplifyMacros();
        MutationSites.Apply(method, Sites(method).Where(site => site.Operator == mutation.Operator).ElementAt(mutation.Ordinal));
        method.Body.OptimizeMacros();
        module.Write(Path.Combine(targetFolder, $"{mutation.Area.Assembly}.dll"));
    }

    /// <summary>Writes the assembly as <see cref="Write"/> does, with no mistake in it.</summary>
    public void WriteUnchanged(string assembly, string targetFolder)
    {
        using ModuleDefinition module = Read(assembly);
        module.Write(Path.Combine(targetFolder, $"{assembly}.dll"));
    }

    private ModuleDefinition Read(string assembly)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(programFolder);
        return ModuleDefinition.ReadModule(
            Path.Combine(programFolder, $"{assembly}.dll"), new ReaderParameters { AssemblyResolver = resolver, InMemory = true, ReadSymbols = true });
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => [type, .. type.NestedTypes.SelectMany(WithNested)];

    private static IEnumerable<Mutation> In(MutationArea area, MethodDefinition method, Dictionary<(string Source, MutationOperator Operator), int> numbers)
    {
        string name = NameOf(method);
        if (!method.HasBody || Quiet.Contains(name) || name.StartsWith("op_", StringComparison.Ordinal) || IsGenerated(method))
        {
            yield break;
        }

        method.Body.SimplifyMacros();
        string source = $"{OuterOf(method.DeclaringType).Name}.{name}";
        var ordinals = new Dictionary<MutationOperator, int>();
        foreach (MutationSite site in Sites(method))
        {
            int ordinal = ordinals.GetValueOrDefault(site.Operator);
            int number = numbers.GetValueOrDefault((source, site.Operator));
            ordinals[site.Operator] = ordinal + 1;
            numbers[(source, site.Operator)] = number + 1;
            yield return new Mutation(area, method.DeclaringType.FullName, method.FullName, source, LineOf(method, site)!.Value, site.Operator, ordinal, number);
        }
    }

    private static IEnumerable<MutationSite> Sites(MethodDefinition method) => MutationSites.Of(method).Where(site => LineOf(method, site) is not null);

    /// <summary>The line of the statement that a place belongs to; null for what the compiler added.</summary>
    private static int? LineOf(MethodDefinition method, MutationSite site)
    {
        IEnumerable<SequencePoint> points = method.DebugInformation.SequencePoints;

        // An exception that nobody catches is taken by code that the compiler added, around the whole method.
        SequencePoint? point = site.Operator == MutationOperator.SwallowedException
            ? points.FirstOrDefault(static candidate => !candidate.IsHidden)
            : points.LastOrDefault(candidate => candidate.Offset <= site.At.Offset);
        return point is null || point.IsHidden ? null : point.StartLine;
    }

    private static bool IsGenerated(MethodDefinition method) =>
        IsGeneratedCode(method)
        || IsInGeneratedCode(method.DeclaringType)
        || (method.Name != "MoveNext" && !method.Name.StartsWith('<') && method.CustomAttributes.Any(static attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute"));

    private static bool IsInGeneratedCode(TypeDefinition? type) => type is not null && (IsGeneratedCode(type) || IsInGeneratedCode(type.DeclaringType));

    private static bool IsGeneratedCode(ICustomAttributeProvider code) => code.CustomAttributes.Any(static attribute => attribute.AttributeType.Name == "GeneratedCodeAttribute");

    // The code of an async method is in a type that is named after it, and that of a lambda in a method that is.
    private static string NameOf(MethodDefinition method)
    {
        string name = method.Name == "MoveNext" ? method.DeclaringType.Name : method.Name;
        return name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and int end ? name[1..end] : name;
    }

    private static TypeDefinition OuterOf(TypeDefinition type) => type.DeclaringType is { } outer && type.Name.StartsWith('<') ? OuterOf(outer) : type;
}
