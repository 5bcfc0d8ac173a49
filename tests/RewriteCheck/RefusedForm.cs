using Mono.Cecil;
using Mono.Cecil.Cil;

namespace SimGraph.RewriteCheck;

/// <summary>A use that is refused.</summary>
/// <param name="Name">What it is called where it is written.</param>
/// <param name="Harm">What it does.</param>
/// <param name="Why">What it does, in words.</param>
/// <param name="Instead">What to write.</param>
/// <param name="Matches">Whether an instruction that names a method is such a use.</param>
internal sealed record RefusedForm(string Name, Harm Harm, string Why, string Instead, Func<Instruction, MethodReference, bool> Matches)
{
    /// <summary>Whatever is called on a type.</summary>
    internal static RefusedForm OfType(string type, Harm harm, string why, string instead) =>
        new(type, harm, why, instead, (_, method) => TypeOf(method) == type);

    /// <summary>A member of a type, in all its forms or in those whose parameters are so.</summary>
    internal static RefusedForm OfMember(string type, string member, Harm harm, string why, string instead, Func<MethodReference, bool>? form = null) => new(
        $"{type}.{member}",
        harm,
        why,
        instead,
        (instruction, method) => method.Name == member && (TypeOf(method) == type || TypeOf(method) == type + "`1")
            && (member != ".ctor" || instruction.OpCode == OpCodes.Newobj) && (form is null || form(method)));

    /// <summary>The name of the type that declares a method, without its arguments.</summary>
    internal static string TypeOf(MethodReference method) => method.DeclaringType.GetElementType().FullName;
}
