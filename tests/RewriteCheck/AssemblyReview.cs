// Reads assemblies before Coyote rewrites them and finds what would break. It reads what the compiler made, because what breaks is often not a symbol
// that the source names: an overload that the compiler chose, the builder of an async method, a value that is passed on without being stored.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace SimGraph.RewriteCheck;

/// <summary>Finds refused forms.</summary>
/// <param name="rewritten">Names of all assemblies that are rewritten.</param>
/// <param name="except">Namespaces, with those below them, whose code no scenario runs.</param>
internal sealed class AssemblyReview(IEnumerable<string> rewritten, IReadOnlyList<string> except)
{
    private readonly RefusedForm[] _forms = [.. RefusedForms.All, RefusedForms.UnstoredValueTask(rewritten.ToHashSet(StringComparer.Ordinal))];

    /// <summary>What an assembly holds, each form once for a line.</summary>
    internal IReadOnlyList<Finding> Review(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(
            path, new ReaderParameters { ReadSymbols = true, SymbolReaderProvider = new DefaultSymbolReaderProvider(throwIfNoSymbol: false) });
        return [.. module.GetTypes().Where(type => !IsExcepted(type)).SelectMany(static type => type.Methods).SelectMany(Review).Distinct()];
    }

    private IEnumerable<Finding> Review(MethodDefinition method)
    {
        if (!method.HasBody)
        {
            yield break;
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (instruction.Operand is not MethodReference named)
            {
                continue;
            }

            foreach (RefusedForm form in _forms.Where(form => form.Matches(instruction, named)))
            {
                SequencePoint? point = PointOf(method, instruction.Offset) ?? PointOf(BodyOf(method), 0);
                yield return new Finding(
                    form, NameOf(method), point?.Document.Url ?? method.Module.Name, point?.StartLine ?? 0, point?.StartColumn ?? 0);
            }
        }
    }

    private bool IsExcepted(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return except.Any(name => type.Namespace == name || type.Namespace.StartsWith(name + '.', StringComparison.Ordinal));
    }

    private static SequencePoint? PointOf(MethodDefinition? method, int offset)
    {
        IEnumerable<SequencePoint> points = method?.DebugInformation.SequencePoints.Where(static point => !point.IsHidden) ?? [];
        return points.LastOrDefault(point => point.Offset <= offset) ?? points.FirstOrDefault();
    }

    /// <summary>Where the lines of an async method or an iterator are: its own body only starts it.</summary>
    private static MethodDefinition? BodyOf(MethodDefinition method) => method.CustomAttributes
        .Where(static attribute => attribute.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal))
        .Select(static attribute => (attribute.ConstructorArguments[0].Value as TypeReference)?.Resolve())
        .SelectMany(static machine => machine?.Methods ?? [])
        .FirstOrDefault(static one => one.Name == "MoveNext");

    /// <summary>As it was written: the compiler puts lambdas and bodies of async methods into types whose names hold that of the method.</summary>
    private static string NameOf(MethodDefinition method)
    {
        TypeDefinition type = method.DeclaringType;
        string name = method.Name;
        while (type.Name.StartsWith('<') && type.DeclaringType is not null)
        {
            name = type.Name.StartsWith("<>", StringComparison.Ordinal) ? name : type.Name;
            type = type.DeclaringType;
        }

        string written = name.TrimStart('<').Split('>')[0];
        return $"{type.Name}.{(written.Length > 0 ? written : name)}";
    }
}
