using System.Reflection;

namespace SimGraph.Simulation.Exploration;

/// <summary>
/// Which build a run was made with: the module version of every assembly that could change it. Builds are deterministic, so equal sources give equal versions.
/// </summary>
/// <param name="Modules">Assembly names and module versions, in order of the names.</param>
public sealed record BuildIdentity(IReadOnlyList<KeyValuePair<string, Guid>> Modules)
{
    /// <summary>The build of an assembly, of the simulator, and of everything that they refer to outside the .NET runtime.</summary>
    public static BuildIdentity Of(Assembly root)
    {
        ArgumentNullException.ThrowIfNull(root);
        string runtimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? string.Empty;
        var modules = new SortedDictionary<string, Guid>(StringComparer.Ordinal);
        var open = new Stack<Assembly>([root, typeof(BuildIdentity).Assembly]);
        while (open.TryPop(out Assembly? assembly))
        {
            string name = assembly.GetName().Name ?? string.Empty;
            if (Path.GetDirectoryName(assembly.Location) == runtimeFolder || !modules.TryAdd(name, assembly.ManifestModule.ModuleVersionId))
            {
                continue;
            }

            foreach (AssemblyName reference in assembly.GetReferencedAssemblies())
            {
                if (TryLoad(reference) is { } referred)
                {
                    open.Push(referred);
                }
            }
        }

        return new BuildIdentity([.. modules]);
    }

    /// <summary>Names of the assemblies that are not the same in both builds, in order.</summary>
    public IReadOnlyList<string> DifferencesFrom(BuildIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = new SortedSet<string>(Modules.Except(other.Modules).Select(module => module.Key), StringComparer.Ordinal);
        differences.UnionWith(other.Modules.Except(Modules).Select(module => module.Key));
        return [.. differences];
    }

    private static Assembly? TryLoad(AssemblyName reference)
    {
        try
        {
            return Assembly.Load(reference);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // A reference that cannot be loaded cannot run either.
            return null;
        }
    }
}
